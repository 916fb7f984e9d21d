//! Where a dossier stands, so that it is found again from any folder, and when it moves together with
//! its rapport.

use super::masked;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path, PathBuf};

/// Places as a manifest has them; what could be a Bsn in them is masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierPlace {
    /// The whole path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dossier: Option<PathBuf>,
    /// The path from the folder of the rapport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dossier_vanaf_rapport: Option<PathBuf>,
    /// Folder of rulesets of the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    regels: Option<PathBuf>,
}

impl DossierPlace {
    /// Of a dossier whose rapport comes to stand in this folder, which need not be there yet.
    pub(crate) fn of(rapport: &Path, dossier: &Path, regels: Option<&Path>) -> DossierPlace {
        let shown = |path: PathBuf| PathBuf::from(masked(&path.to_string_lossy()).into_owned());
        let whole = |path: &Path| path.canonicalize().ok();
        let from = || {
            let parent = rapport.parent().filter(|parent| !parent.as_os_str().is_empty());
            Some(whole(parent.unwrap_or(Path::new(".")))?.join(rapport.file_name()?))
        };
        let relative = || between(&from()?, &whole(dossier)?);
        DossierPlace {
            dossier: whole(dossier).map(shown),
            dossier_vanaf_rapport: relative().map(shown),
            regels: regels.and_then(whole).map(shown),
        }
    }

    /// Where the dossier of the rapport in this folder may stand: where it stood, or as far from the
    /// rapport as it then did.
    pub(crate) fn dossiers(&self, rapport: &Path) -> Vec<PathBuf> {
        let moved = self.dossier_vanaf_rapport.as_ref().map(|path| rapport.join(path));
        self.dossier.clone().into_iter().chain(moved).collect()
    }

    /// Where the user's own rulesets stood.
    pub(crate) fn rulesets(&self) -> Option<&PathBuf> {
        self.regels.as_ref()
    }
}

/// The way from one folder to another; `None` where there is none, as between two drives.
fn between(from: &Path, to: &Path) -> Option<PathBuf> {
    let (from, to): (Vec<Component>, Vec<Component>) =
        (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - shared;
    let names = to[shared..].iter().map(|c| matches!(c, Component::Normal(_)));
    (shared > 0 && names.into_iter().all(|is_name| is_name)).then(|| {
        std::iter::repeat_n(Component::ParentDir, up).chain(to[shared..].to_vec()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_two_folders_goes_up_and_down() {
        let way = |a: &str, b: &str| between(Path::new(a), Path::new(b));
        assert_eq!(way("/a/b/c", "/a/d"), Some("../../d".into()));
        assert_eq!(way("/a/b", "/a/b"), Some(PathBuf::new()));
        assert_eq!(way("/a", "/b/c"), Some("../b/c".into()));
    }

    #[test]
    fn a_dossier_that_moves_with_its_rapport_is_found() {
        let old = tempfile::tempdir().unwrap();
        let (dossier, rapport) = (old.path().join("dossier"), old.path().join("uit/2023-x"));
        std::fs::create_dir_all(&dossier).unwrap();
        std::fs::create_dir_all(rapport.parent().unwrap()).unwrap();
        let place = DossierPlace::of(&rapport, &dossier, None);
        let found = place.dossiers(Path::new("elders/2023-x"));
        assert_eq!(found[0], dossier.canonicalize().unwrap());
        assert_eq!(found[1], Path::new("elders/2023-x/../../dossier"));
    }
}
