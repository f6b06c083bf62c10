//! What is around the sections.

use crate::text::html;
use crate::timeline::Timeline;

/// A part of the report.
#[derive(Debug)]
pub(super) struct Section {
    /// Its anchor.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// A word beside its name in the list of sections, such as how many there are; perhaps none.
    pub(super) count: String,
    /// What it holds, as HTML.
    pub(super) body: String,
}

/// What the browser may do: show what is in the file, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole file.
pub(super) fn page(timeline: &Timeline, header: &str, sections: &[Section]) -> String {
    let title = format!("{} at {}", timeline.plan().to.id, timeline.target());
    let links: String = sections.iter().map(link).collect();
    let body: String = sections.iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} · run {run}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the report</a>\n{header}\
         <nav aria-label=\"Sections\"><ul>{links}</ul></nav>\n\
         <main id=\"main\" tabindex=\"-1\">\n{body}</main>\n\
         <footer><p>Made by Pilotage {version} from the journal of run <code>{run}</code>. \
         All times are UTC.</p></footer>\n\
         <script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        title = html(&title),
        run = html(timeline.run()),
        version = env!("CARGO_PKG_VERSION"),
    )
}

fn link(section: &Section) -> String {
    let Section { id, title, count, .. } = section;
    let count =
        if count.is_empty() { String::new() } else { format!(" <span>{}</span>", html(count)) };
    format!("<li><a href=\"#{id}\">{title}{count}</a></li>")
}

fn section(section: &Section) -> String {
    let Section { id, title, body, .. } = section;
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n\
         {body}</section>\n"
    )
}
