//! A file of the old Excel holds streams, cut into sectors: one of them is its workbook.

/// Sectors with a meaning of their own: the end of a chain, and the like.
const RESERVED: u32 = 0xffff_fffa;
/// Streams below this stand in small sectors, of this size.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;
/// Where the head names the first sectors of the table.
const IN_HEAD: std::ops::Range<usize> = 76..512;

/// The stream with the first of these names that there is; `None` where the file makes no sense.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let size = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let mut sectors = Sectors { bytes: bytes.get(size..)?, size, table: Vec::new() };
    sectors.table = sectors.table_of(bytes)?;
    let entries = sectors.chain(u32_at(bytes, 48)?, usize::MAX);
    let entries = entries.as_chunks::<128>().0;
    let entry = names.iter().find_map(|name| entries.iter().find(|e| is_named(*e, name)))?;
    let (start, length) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
    if length >= SMALL {
        return Some(sectors.chain(start, length));
    }
    // All small ones stand together in the stream of the first entry, with a table of their own.
    let all = sectors.chain(u32_at(entries.first()?, 116)?, usize::MAX);
    let table = numbers(&sectors.chain(u32_at(bytes, 60)?, usize::MAX)).collect();
    Some(Sectors { bytes: &all, size: SMALL_SECTOR, table }.chain(start, length))
}

struct Sectors<'b> {
    bytes: &'b [u8],
    size: usize,
    /// Of each the next of its chain.
    table: Vec<u32>,
}

impl<'b> Sectors<'b> {
    /// A sector; the last one may be cut off.
    fn sector(&self, id: u32) -> Option<&'b [u8]> {
        let rest = self.bytes.get((id as usize).checked_mul(self.size)?..)?;
        Some(&rest[..rest.len().min(self.size)])
    }

    /// As many as there can be: whoever sees more goes round.
    fn most(&self) -> usize {
        self.bytes.len().div_ceil(self.size)
    }

    fn table_of(&self, head: &[u8]) -> Option<Vec<u32>> {
        let mut ids: Vec<u32> = numbers(head.get(IN_HEAD)?).collect();
        let mut more = u32_at(head, 68)?;
        for _ in 0..self.most() {
            if more >= RESERVED || ids.len() > self.most() {
                break;
            }
            ids.extend(numbers(self.sector(more)?));
            more = ids.pop()?;
        }
        let ids = ids.into_iter().filter(|id| *id < RESERVED).take(self.most());
        Some(ids.filter_map(|id| self.sector(id)).flat_map(numbers).collect())
    }

    /// What stands in the sectors from this one on, up to this length.
    fn chain(&self, start: u32, length: usize) -> Vec<u8> {
        let (mut out, mut id) = (Vec::new(), start);
        for _ in 0..self.most() {
            let here = self.sector(id).filter(|_| id < RESERVED && out.len() < length);
            let Some(here) = here else { break };
            out.extend(&here[..here.len().min(length - out.len())]);
            id = self.table.get(id as usize).copied().unwrap_or(RESERVED);
        }
        out
    }
}

/// Is this the entry of the stream with this name, given in small letters?
fn is_named(entry: &[u8], name: &str) -> bool {
    let units = entry[..64].as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let written = char::decode_utf16(units.take_while(|unit| *unit != 0));
    written.map(|c| c.unwrap_or_default().to_ascii_lowercase()).eq(name.chars())
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these sectors; the first is the table, which says `nexts` of the first of them.
    fn file(nexts: &[u32], sectors: &[Vec<u8>]) -> Vec<u8> {
        let mut file = vec![0; 512];
        file[30] = 9;
        let mut put =
            |at: usize, number: u32| file[at..at + 4].copy_from_slice(&number.to_le_bytes());
        put(48, 1);
        put(60, 2);
        put(68, RESERVED);
        IN_HEAD.step_by(4).for_each(|at| put(at, RESERVED));
        put(76, 0);
        let mut table: Vec<u8> = nexts.iter().flat_map(|next| next.to_le_bytes()).collect();
        table.resize(512, 0xff);
        file.extend(table);
        for sector in sectors {
            let mut sector = sector.clone();
            sector.resize(512, 0);
            file.extend(sector);
        }
        file
    }

    fn entry(name: &str, start: u32, length: u32) -> Vec<u8> {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend(length.to_le_bytes());
        entry.resize(128, 0);
        entry
    }

    const LAST: u32 = 0xffff_fffe;

    /// With a stream of 5000 bytes in sectors that don't stand in order.
    fn large() -> (Vec<u8>, Vec<u8>) {
        let content: Vec<u8> = (0..5000_u32).map(|n| (n / 7) as u8).collect();
        let mut pieces: Vec<Vec<u8>> = content.chunks(512).map(<[u8]>::to_vec).collect();
        pieces[1..].reverse();
        let entries = [entry("Root Entry", LAST, 0), entry("Workbook", 2, 5000)].concat();
        let nexts = [LAST, LAST, 11, LAST, 3, 4, 5, 6, 7, 8, 9, 10];
        (file(&nexts, &[vec![entries], pieces].concat()), content)
    }

    /// With a stream of 150 bytes in small sectors that don't stand in order.
    fn small() -> (Vec<u8>, Vec<u8>) {
        let content: Vec<u8> = (0..150).collect();
        let entries = [entry("Root Entry", 3, 256), entry("BOOK", 1, 150)].concat();
        let nexts: Vec<u8> = [9, 3, LAST, 2].iter().flat_map(|n: &u32| n.to_le_bytes()).collect();
        let mut pieces = vec![0; 256];
        for (piece, at) in content.chunks(64).zip([64, 192, 128]) {
            pieces[at..at + piece.len()].copy_from_slice(piece);
        }
        (file(&[LAST; 4], &[entries, nexts, pieces]), content)
    }

    #[test]
    fn a_stream_is_found_in_large_and_in_small_sectors() {
        for (file, content) in [large(), small()] {
            assert_eq!(stream(&file, &["workbook", "book"]).as_ref(), Some(&content));
            assert_eq!(stream(&file, &["other"]), None);
        }
    }

    #[test]
    fn what_goes_round_or_is_cut_off_ends() {
        for (file, content) in [large(), small()] {
            for length in 0..file.len() {
                let found = stream(&file[..length], &["workbook", "book"]).unwrap_or_default();
                assert!(found.len() <= content.len());
            }
            // Every number that says where something stands, in turn, at itself and at others.
            for at in (44..512).chain(512..560).chain(1024..2048).step_by(4) {
                for number in [0_u32, 1, 2, 3, 11, 200, 0x7fff_ffff, RESERVED - 1] {
                    let mut file = file.clone();
                    let Some(place) = file.get_mut(at..at + 4) else { continue };
                    place.copy_from_slice(&number.to_le_bytes());
                    let found = stream(&file, &["workbook", "book"]).unwrap_or_default();
                    assert!(found.len() <= file.len());
                }
            }
        }
    }
}
