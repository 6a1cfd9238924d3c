//! Who makes how much of a joint order (共同受注の割り振り).
//!
//! Whoever got least this year gets first, until all have had the same: the amounts are poured like water into vessels
//! that stand as high as what each has had, and are as deep as what each can make. Where that leaves a rest of a few
//! pieces, those nearer to the buyer get them, then by id. Whole numbers, and nobody above what they can make.

/// Somebody who could make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The facility's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How much it can make until the day; nothing where it does not say.
    pub most: Option<u64>,
    /// What it got this year.
    pub got: u64,
    /// How far it is from the buyer, in metres, where that is known.
    pub distance: Option<u64>,
}

/// What somebody makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The facility's id.
    pub id: String,
    /// How much.
    pub amount: u64,
}

/// Who makes how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// In the order of the candidates; who makes nothing has a share of nothing.
    pub shares: Vec<Share>,
    /// What nobody can make.
    pub left: u64,
    /// What each has had at the end who could have more: the level of the water.
    pub level: u128,
}

fn poured(candidates: &[Candidate], level: u128) -> u128 {
    candidates.iter().map(|one| part(one, level)).sum()
}

fn part(one: &Candidate, level: u128) -> u128 {
    level.saturating_sub(u128::from(one.got)).min(u128::from(one.most.unwrap_or(0)))
}

/// Pours an amount.
pub fn allocate(amount: u64, candidates: &[Candidate]) -> Allocation {
    let wanted = u128::from(amount);
    let all: u128 = candidates.iter().map(|one| u128::from(one.most.unwrap_or(0))).sum();
    // The highest level at which there is no more than the amount.
    let (mut low, mut high) = (0_u128, u128::from(u64::MAX) * 2 + 1);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if poured(candidates, middle) <= wanted { low = middle } else { high = middle - 1 }
    }
    let level = low;
    let mut amounts: Vec<u128> = candidates.iter().map(|one| part(one, level)).collect();
    let mut rest = wanted.min(all) - amounts.iter().sum::<u128>();
    // At the next level there would be too much: each who stands at the water gets one, the nearest first.
    let mut next: Vec<usize> = (0..candidates.len()).collect();
    next.sort_by_key(|at| candidates.get(*at).map(|one| (one.distance.unwrap_or(u64::MAX), one.id.clone())));
    for at in next {
        if let (Some(one), Some(has)) = (candidates.get(at), amounts.get_mut(at))
            && rest > 0
            && part(one, level + 1) > *has
        {
            *has += 1;
            rest -= 1;
        }
    }
    let shares = candidates
        .iter()
        .zip(&amounts)
        .map(|(one, amount)| Share { id: one.id.clone(), amount: u64::try_from(*amount).unwrap_or(u64::MAX) })
        .collect();
    Allocation { shares, left: u64::try_from(wanted - wanted.min(all)).unwrap_or(u64::MAX), level }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(id: &str, most: Option<u64>, got: u64, distance: Option<u64>) -> Candidate {
        Candidate { id: id.to_owned(), name: id.to_owned(), most, got, distance }
    }

    fn amounts(amount: u64, candidates: &[Candidate]) -> (Vec<u64>, u64) {
        let done = allocate(amount, candidates);
        (done.shares.iter().map(|share| share.amount).collect(), done.left)
    }

    #[test]
    fn who_had_least_gets_first_and_the_nearest_gets_the_rest() {
        let three = [one("a", Some(100), 50, Some(9)), one("b", Some(100), 0, Some(5)), one("c", Some(20), 0, None)];
        assert_eq!(amounts(40, &three), (vec![0, 20, 20], 0));
        assert_eq!(amounts(101, &three), (vec![15, 66, 20], 0));
        assert_eq!(amounts(100, &three), (vec![15, 65, 20], 0));
        assert_eq!(amounts(1_000, &three), (vec![100, 100, 20], 780));
        let same = [one("a", Some(9), 0, None), one("b", Some(9), 0, Some(1)), one("c", Some(9), 0, None)];
        assert_eq!(amounts(4, &same), (vec![1, 2, 1], 0));
        assert_eq!(amounts(5, &same), (vec![2, 2, 1], 0));
        assert_eq!(amounts(5, &[one("a", None, 0, None)]), (vec![0], 5));
        assert_eq!((amounts(5, &[]), amounts(0, &same)), ((vec![], 5), (vec![0, 0, 0], 0)));
        let huge = [one("a", Some(u64::MAX), u64::MAX, None), one("b", Some(u64::MAX), 0, None)];
        assert_eq!(amounts(u64::MAX, &huge), (vec![0, u64::MAX], 0));
    }

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        let each = (prop::option::of(0..2_000_u64), 0..3_000_u64, prop::option::of(0..5_u64));
        prop::collection::vec(each, 0..500).prop_map(|all| {
            let named = |(at, (most, got, distance)): (usize, _)| one(&format!("f{at:03}"), most, got, distance);
            all.into_iter().enumerate().map(named).collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost_nobody_is_asked_too_much_and_it_is_fair(all in candidates(), amount in 0..400_000_u64) {
            let done = allocate(amount, &all);
            let given: u64 = done.shares.iter().map(|share| share.amount).sum();
            prop_assert_eq!(given + done.left, amount);
            prop_assert!(done.left == 0 || given == all.iter().map(|one| one.most.unwrap_or(0)).sum::<u64>());
            for (one, share) in all.iter().zip(&done.shares) {
                prop_assert!(share.amount <= one.most.unwrap_or(0));
            }
            // Fair: nobody who got something ends more than one above somebody who could have had more.
            let ends = |(one, share): (&Candidate, &Share)| (one.got + share.amount, share.amount, one.most.unwrap_or(0));
            let all_ends: Vec<_> = all.iter().zip(&done.shares).map(ends).collect();
            let highest = all_ends.iter().filter(|(_, amount, _)| *amount > 0).map(|(end, ..)| *end).max();
            let lowest = all_ends.iter().filter(|(_, amount, most)| amount < most).map(|(end, ..)| *end).min();
            if let (Some(highest), Some(lowest)) = (highest, lowest) {
                prop_assert!(highest <= lowest + 1, "{highest} {lowest}");
            }
            // Deterministic, whatever the order in which they are named.
            let mut turned = all.clone();
            turned.reverse();
            let mut again = allocate(amount, &turned).shares;
            again.reverse();
            prop_assert_eq!(again, done.shares);
        }
    }
}
