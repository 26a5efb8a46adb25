//! The stylesheet: its parts in their order, as one text.

macro_rules! parts {
    ($($part:literal),+) => {
        /// What makes a page look as it does.
        pub const STYLE: &str = concat!($(include_str!(concat!("../../style/", $part, ".css"))),+);

        #[cfg(test)]
        const PARTS: &[&str] = &[$($part),+];
    };
}

parts!("base", "frame", "words", "tables", "charts", "sql", "lists", "forms", "doors", "print");

#[cfg(test)]
mod tests {
    use super::{PARTS, STYLE};
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_stylesheet_is_light() {
        assert!(STYLE.len() <= 24_000, "{}", STYLE.len());
    }

    #[test]
    fn what_is_opened_as_a_file_looks_the_same() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
        let main = fs::read_to_string(folder.join("main.css")).unwrap();
        let named: Vec<_> = main
            .lines()
            .filter_map(|line| line.strip_prefix("@import \"")?.strip_suffix(".css\";"))
            .collect();
        assert_eq!(named, PARTS);
        assert_eq!(fs::read_dir(folder).unwrap().count(), PARTS.len() + 1, "a part is left out");
    }
}
