//! Which entries are on the site on a day.

use super::{Kinds, Moment};
use crate::model::{Common, Day};
use crate::source::{Entry, Path};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why an entry is not on the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    Draft,
    NotYet(Day),
    NoMore(Day),
}

/// Whether and why an entry is not on the site.
pub(super) fn absent(meta: &Common, moment: Moment) -> Option<Absent> {
    if meta.draft && !moment.drafts {
        return Some(Absent::Draft);
    }
    match (meta.published, meta.expires) {
        (Some(day), _) if day > moment.today => Some(Absent::NotYet(day)),
        (_, Some(day)) if day < moment.today => Some(Absent::NoMore(day)),
        _ => None,
    }
}

/// Leaves what is on the site. A product goes with the last of its makers.
pub(super) fn only(mut kinds: Kinds, moment: Moment) -> Kinds {
    fn keep<T: Clone>(entries: &mut Vec<Arc<Entry<T>>>, moment: Moment) {
        entries.retain_mut(|entry| {
            let agreed = |photo: &crate::model::Photo| photo.consent_until.is_none_or(|until| until >= moment.today);
            // The places of the others stay what they are in the file.
            let gone = entry.meta.photos.iter().enumerate().filter(|(_, photo)| !agreed(photo));
            let gone: Vec<Path> = gone.map(|(at, _)| entry.origin.path(&["photos", &at.to_string()])).collect();
            if !gone.is_empty() {
                let entry = Arc::make_mut(entry);
                entry.origin.gaps.extend(gone);
                entry.origin.gaps.sort();
                entry.meta.photos.retain(agreed);
            }
            absent(&entry.meta, moment).is_none()
        });
    }
    // Where an id or a text may stand, the id of a facility that is not on the site is no text.
    let absent: BTreeSet<String> = kinds
        .facilities
        .iter()
        .filter(|facility| absent(&facility.meta, moment).is_some())
        .map(|facility| facility.id.clone())
        .collect();
    for product in kinds.products.iter_mut().filter(|product| product.data.sold_at.iter().any(|p| absent.contains(p))) {
        Arc::make_mut(product).data.sold_at.retain(|place| !absent.contains(place));
    }
    for report in kinds.reports.iter_mut().filter(|report| report.data.attendees.iter().any(|a| absent.contains(a))) {
        Arc::make_mut(report).data.attendees.retain(|name| !absent.contains(name));
    }
    keep(&mut kinds.facilities, moment);
    keep(&mut kinds.products, moment);
    keep(&mut kinds.events, moment);
    keep(&mut kinds.news, moment);
    keep(&mut kinds.pages, moment);
    keep(&mut kinds.plans, moment);
    keep(&mut kinds.reports, moment);
    let mut makers: Vec<&str> = kinds.facilities.iter().map(|facility| facility.id.as_str()).collect();
    makers.sort_unstable();
    kinds.products.retain(|product| {
        product.data.makers.iter().any(|maker| makers.binary_search(&maker.facility.as_str()).is_ok())
    });
    kinds
}
