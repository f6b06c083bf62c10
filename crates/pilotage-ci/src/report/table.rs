//! Tables.

/// A table with a caption and a head, around rows that are HTML already.
pub(super) fn table(class: &str, caption: &str, head: &[&str], rows: &str) -> String {
    let head: String = head.iter().flat_map(|name| ["<th scope=\"col\">", name, "</th>"]).collect();
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n\
         <table class=\"{class}\">\n<caption>{caption}</caption>\n\
         <thead><tr>{head}</tr></thead>\n{rows}</table>\n</div>\n"
    )
}
