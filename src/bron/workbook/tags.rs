//! Tags of a part that is XML, as far as is needed to see what a reader of cells doesn't tell.

use hashbrown::HashMap;

/// The tags that begin with `begin` and have no longer name, each up to its end.
pub(super) fn tags<'t>(text: &'t [u8], begin: &'static [u8]) -> impl Iterator<Item = &'t [u8]> {
    memchr::memmem::find_iter(text, begin).filter_map(move |place| {
        let tag = up_to_end(&text[place..]);
        ends_name(tag.get(begin.len())).then_some(tag)
    })
}

/// The tag at the beginning of `text`, without its end.
pub(super) fn up_to_end(text: &[u8]) -> &[u8] {
    &text[..memchr::memchr(b'>', text).unwrap_or(text.len())]
}

/// Does a name end before this byte?
pub(super) fn ends_name(next: Option<&u8>) -> bool {
    next.is_none_or(|next| next.is_ascii_whitespace() || *next == b'/' || *next == b'>')
}

/// The value of an attribute of a tag, as it is written.
pub(super) fn written<'t>(tag: &'t [u8], name: &str) -> Option<&'t [u8]> {
    memchr::memmem::find_iter(tag, name.as_bytes()).find_map(|place| {
        let before = tag[..place].last()?;
        let (mark, value) = tag[place + name.len()..].strip_prefix(b"=")?.split_first()?;
        let is_value = before.is_ascii_whitespace() && matches!(mark, b'"' | b'\'');
        let end = memchr::memchr(*mark, value)?;
        is_value.then(|| &value[..end])
    })
}

/// The value of an attribute of a tag.
pub(super) fn attribute(tag: &[u8], name: &str) -> Option<String> {
    let value = String::from_utf8_lossy(written(tag, name)?);
    Some(quick_xml::escape::unescape(&value).map(|v| v.into_owned()).unwrap_or_default())
}

/// The whole number that an attribute of a tag is.
pub(super) fn number(tag: &[u8], name: &str) -> Option<u32> {
    std::str::from_utf8(written(tag, name)?).ok()?.parse().ok()
}

/// The file of each part that the relations of a workbook name, in small letters, by its id.
pub(super) fn related(relations: &[u8]) -> HashMap<String, String> {
    let mut files = HashMap::new();
    for relation in tags(relations, b"<Relationship") {
        let named = attribute(relation, "Id").zip(attribute(relation, "Target"));
        if let Some((id, target)) = named {
            let file = target.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            files.entry(id).or_insert(file);
        }
    }
    files
}

/// What was told of each sheet, by the file of its part.
pub(super) fn by_file<T>(sheets: Vec<(String, T)>) -> HashMap<String, T> {
    let mut by_file = HashMap::new();
    for (part, told) in sheets {
        let file = part.rsplit('/').next().unwrap_or_default().to_owned();
        by_file.entry(file).or_insert(told);
    }
    by_file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_by_its_whole_name_and_an_attribute_by_its_own() {
        let text =
            b"<rows><row r='3' x:hidden=\"0\"\n hidden=\"1\" a=\"&lt;\"/><row><rowBreaks r=\"9\">";
        let found: Vec<&[u8]> = tags(text, b"<row").collect();
        assert_eq!(found.len(), 2);
        assert_eq!(number(found[0], "r"), Some(3));
        assert_eq!(written(found[0], "hidden"), Some(&b"1"[..]));
        assert_eq!(attribute(found[0], "a").as_deref(), Some("<"));
        assert_eq!([written(found[0], "idden"), written(found[1], "r")], [None; 2]);
    }
}
