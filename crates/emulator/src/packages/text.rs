//! Small readings of what packages say of themselves: versions in order, and elements of XML. No whole grammar: what a
//! package is made of is a test's own, and what is uploaded comes from the format's own tool.

/// A version's place among others: its numbers, then a release before its qualifiers (`1.0` is newer than `1.0-beta`).
pub(super) fn order(version: &str) -> (Vec<u64>, bool, String) {
    let (numbers, qualifier) = version.split_once('-').unwrap_or((version, ""));
    let numbers = numbers.split('.').map(|part| part.parse().unwrap_or(0));
    (
        numbers.collect(),
        qualifier.is_empty(),
        qualifier.to_owned(),
    )
}

/// The text of the first element of that name.
pub(super) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.trim())
}

/// The attribute of an element, `<dependency id="a" />`.
pub(super) fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order() {
        let mut versions = ["1.10.0", "1.9.0", "1.10.0-beta", "2.0-SNAPSHOT", "1.9"];
        versions.sort_by_key(|version| order(version));
        assert_eq!(
            versions,
            ["1.9", "1.9.0", "1.10.0-beta", "1.10.0", "2.0-SNAPSHOT"]
        );
    }

    #[test]
    fn elements_and_attributes() {
        let xml = "<a><id> x </id><id>y</id><dependency id=\"z\" version=\"1\" /></a>";
        assert_eq!(element(xml, "id"), Some("x"));
        assert_eq!(element(xml, "name"), None);
        assert_eq!(attribute(xml, "version"), Some("1"));
    }
}
