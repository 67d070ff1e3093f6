//! What is looked at before the XML reader, whose time grows with the square of the attributes in one tag.

/// Most attributes in one start tag. Elements of SCL have some twenty.
const MAX_ATTRIBUTES: usize = 1_000;

/// Offset of the first start tag that has more attributes than any element of SCL, namespaces counted.
pub(crate) fn overloaded_tag(text: &str) -> Option<usize> {
    let mut rest = text;
    let at = |rest: &str| text.len().saturating_sub(rest.len());
    while let Some(open) = rest.find('<') {
        let tag = rest.get(open..).unwrap_or_default();
        let start = at(tag);
        if let Some((_, close)) = SKIPPED.iter().find(|(open, _)| tag.starts_with(open)) {
            rest = after(tag, close);
            continue;
        }
        let mut attributes = 0_usize;
        rest = tag;
        loop {
            let next = rest.find(['"', '\'', '>'])?;
            let quote = rest.get(next..).unwrap_or_default();
            if quote.starts_with('>') {
                rest = after(quote, ">");
                break;
            }
            attributes = attributes.saturating_add(1);
            if attributes > MAX_ATTRIBUTES {
                return Some(start);
            }
            let mark = if quote.starts_with('"') { "\"" } else { "'" };
            rest = after(after(quote, mark), mark);
        }
    }
    None
}

/// What holds angle brackets and quotes that mean nothing.
const SKIPPED: [(&str, &str); 3] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];

/// What follows a mark, nothing when it is not there.
fn after<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_attributes_and_nothing_else() {
        let many = |count: usize| {
            (0..count)
                .map(|at| format!("a{at}=\"<>'\" "))
                .collect::<String>()
        };
        assert_eq!(
            overloaded_tag(&format!("<a><b {}/></a>", many(1_000))),
            None
        );
        assert_eq!(
            overloaded_tag(&format!("<a><b {}/></a>", many(1_001))),
            Some(3)
        );
        let quiet = "\"'".repeat(2_000);
        for text in [
            format!("<a>{quiet}</a>"),
            format!("<a><!-- <b {} > {quiet} --></a>", many(2_000)),
            format!("<a><![CDATA[<b {}>{quiet}]]></a>", many(2_000)),
            format!("<?x {quiet}?><a/>"),
            format!("<a b='{}'/>", "\"".repeat(3_000)),
            "<a b='".to_owned(),
            "<".to_owned(),
            String::new(),
        ] {
            assert_eq!(overloaded_tag(&text), None, "{text}");
        }
    }
}
