//! Tags of a part that is XML, as far as is needed to see what a reader of cells doesn't tell.

use hashbrown::HashMap;

/// The tags of this name, whatever prefix it has, each from its name up to its end.
pub(super) fn tags<'t>(text: &'t [u8], name: &'static [u8]) -> impl Iterator<Item = &'t [u8]> {
    memchr::memmem::find_iter(text, name).filter_map(move |place| {
        let tag = up_to_end(&text[place..]);
        (is_after(b"<", &text[..place]) && ends_name(tag.get(name.len()))).then_some(tag)
    })
}

/// Is this mark what stands last, but for a prefix of a name?
pub(super) fn is_after(mark: &[u8], before: &[u8]) -> bool {
    let in_prefix = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
    let before = match before {
        [prefixed @ .., b':'] => {
            let length = prefixed.iter().rev().take_while(|c| in_prefix(c)).count();
            &prefixed[..prefixed.len() - length]
        }
        _ => before,
    };
    before.ends_with(mark)
}

/// Where what ends with this, `is>` for `</is>`, has its end, whatever its prefix.
pub(super) fn ends(text: &[u8], end: &'static [u8]) -> impl Iterator<Item = usize> {
    let places = memchr::memmem::find_iter(text, end);
    places.filter(|place| is_after(b"</", &text[..*place])).map(|place| place + end.len())
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
pub(super) fn written<'t>(tag: &'t [u8], name: &'static str) -> Option<&'t [u8]> {
    with_values(tag, name)
        .find_map(|(before, value)| before.last()?.is_ascii_whitespace().then_some(value))
}

/// The id by which a tag names a part: an attribute `id` with a prefix.
pub(super) fn relation_id(tag: &[u8]) -> Option<&[u8]> {
    let is_prefixed = |before: &[u8]| {
        before.ends_with(b":") && before.iter().rev().skip(1).any(u8::is_ascii_whitespace)
    };
    with_values(tag, "id").find_map(|(before, value)| is_prefixed(before).then_some(value))
}

/// The values of what in a tag ends with this name, each with what stands before the name.
fn with_values<'t>(
    tag: &'t [u8],
    name: &'static str,
) -> impl Iterator<Item = (&'t [u8], &'t [u8])> {
    memchr::memmem::find_iter(tag, name).filter_map(move |place| {
        let (before, at) = tag.split_at(place);
        let (mark, value) = at[name.len()..].strip_prefix(b"=")?.split_first()?;
        let end = memchr::memchr(*mark, value).filter(|_| matches!(mark, b'"' | b'\''))?;
        Some((before, &value[..end]))
    })
}

/// The value of an attribute of a tag.
pub(super) fn attribute(tag: &[u8], name: &'static str) -> Option<String> {
    let value = String::from_utf8_lossy(written(tag, name)?);
    Some(quick_xml::escape::unescape(&value).map(|v| v.into_owned()).unwrap_or_default())
}

/// The whole number that an attribute of a tag is.
pub(super) fn number(tag: &[u8], name: &'static str) -> Option<u32> {
    std::str::from_utf8(written(tag, name)?).ok()?.parse().ok()
}

/// The file of each part that the relations of a workbook name, in small letters, by its id.
pub(super) fn related(relations: &[u8]) -> HashMap<String, String> {
    let mut files = HashMap::new();
    for relation in tags(relations, b"Relationship") {
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
            b"<rows><row r='3' x:hidden=\"0\"\n hidden=\"1\" a=\"&lt;\"/><row></row><rowBreaks r=\"9\">\
              <x:row r='4'/></x:row><x_1:row/><a:xrow/>:row <\xc3\xa9 row>";
        let found: Vec<&[u8]> = tags(text, b"row").collect();
        assert_eq!(found.len(), 4);
        assert_eq!(number(found[2], "r"), Some(4));
        assert_eq!(number(found[0], "r"), Some(3));
        assert_eq!(written(found[0], "hidden"), Some(&b"1"[..]));
        assert_eq!(attribute(found[0], "a").as_deref(), Some("<"));
        assert_eq!([written(found[0], "idden"), written(found[1], "r")], [None; 2]);
        assert_eq!(relation_id(b"sheet id='1' d3p1:id='R1' sheetId='2'"), Some(&b"R1"[..]));
        assert_eq!(relation_id(b"sheet sheetId='2' id='1'"), None);
    }
}
