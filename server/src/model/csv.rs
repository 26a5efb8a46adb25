//! Comma-separated values (RFC 4180) that a spreadsheet takes for text.

/// Adds a cell. Quotes stand around it where they must, and are doubled within. A cell that a spreadsheet would take for a
/// formula begins with an apostrophe.
pub fn cell(line: &mut String, text: &str) {
    if !line.is_empty() && !line.ends_with('\n') {
        line.push(',');
    }
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if !is_formula && !text.contains([',', '"', '\r', '\n']) && !text.is_empty() {
        line.push_str(text);
        return;
    }
    line.push('"');
    if is_formula {
        line.push('\'');
    }
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

/// Ends a line.
pub fn end(line: &mut String) {
    line.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{cell, end};

    #[test]
    fn a_cell_is_only_ever_text() {
        let mut csv = String::new();
        for text in ["plain", "", "a,b", "say \"x\"", "two\nlines"] {
            cell(&mut csv, text);
        }
        end(&mut csv);
        for text in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "a=1"] {
            cell(&mut csv, text);
        }
        assert_eq!(
            csv,
            "plain,\"\",\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n\
             \"'=1+1\",\"'+1\",\"'-1\",\"'@sum(a1)\",\"'\t=1\",\"'\r=1\",a=1"
        );
    }
}
