//! Windows: what `OVER` and `WINDOW` say.

use sqlparser::ast;

use super::{Env, Lowered, Lowering, foreign, ident};
use crate::tree::{Bound, Frame, FrameUnits, Name, Over, Window};

impl<'s> Lowering<'s> {
    pub(super) fn named_window(
        &mut self,
        window: &ast::NamedWindowDefinition,
        env: Env<'_, 's>,
    ) -> Lowered<(Name, Window)> {
        let ast::NamedWindowDefinition(name, definition) = window;
        match definition {
            ast::NamedWindowExpr::WindowSpec(spec) => Ok((ident::name(name)?, self.window(spec, env)?)),
            ast::NamedWindowExpr::NamedWindow(_) => Err(foreign(name.value.as_str())),
        }
    }

    pub(super) fn over(&mut self, over: &ast::WindowType, env: Env<'_, 's>) -> Lowered<Over> {
        match over {
            ast::WindowType::NamedWindow(name) => Ok(Over::Named(ident::name(name)?)),
            ast::WindowType::WindowSpec(spec) => Ok(Over::Window(Box::new(self.window(spec, env)?))),
        }
    }

    fn window(&mut self, spec: &ast::WindowSpec, env: Env<'_, 's>) -> Lowered<Window> {
        let ast::WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        Ok(Window {
            base: window_name.as_ref().map(ident::name).transpose()?,
            partition_by: partition_by.iter().map(|expr| self.expr(expr, env)).collect::<Lowered<_>>()?,
            order_by: order_by.iter().map(|sort| self.sort_of_inputs(sort, env)).collect::<Lowered<_>>()?,
            frame: window_frame.as_ref().map(|frame| self.frame(frame, env)).transpose()?,
        })
    }

    fn frame(&mut self, frame: &ast::WindowFrame, env: Env<'_, 's>) -> Lowered<Frame> {
        let ast::WindowFrame { units, start_bound, end_bound } = frame;
        Ok(Frame {
            units: match units {
                ast::WindowFrameUnits::Rows => FrameUnits::Rows,
                ast::WindowFrameUnits::Range => FrameUnits::Range,
                ast::WindowFrameUnits::Groups => FrameUnits::Groups,
            },
            start: self.bound(start_bound, env)?,
            end: end_bound.as_ref().map(|bound| self.bound(bound, env)).transpose()?,
        })
    }

    fn bound(&mut self, bound: &ast::WindowFrameBound, env: Env<'_, 's>) -> Lowered<Bound> {
        Ok(match bound {
            ast::WindowFrameBound::CurrentRow => Bound::CurrentRow,
            ast::WindowFrameBound::Preceding(None) => Bound::UnboundedPreceding,
            ast::WindowFrameBound::Preceding(Some(distance)) => Bound::Preceding(self.expr(distance, env)?),
            ast::WindowFrameBound::Following(None) => Bound::UnboundedFollowing,
            ast::WindowFrameBound::Following(Some(distance)) => Bound::Following(self.expr(distance, env)?),
        })
    }
}
