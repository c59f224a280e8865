//! How a person sits, as what is bent and by how much.

/// What is bent against the person's own upright. Lengths in centimetres, angles in degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Posture {
    /// The chair has rolled so far to the person's left.
    pub(crate) chair_left: f64,
    /// The chair has rolled so far towards the screen.
    pub(crate) chair_forward: f64,
    /// The hips have slid forward on the seat.
    pub(crate) hips_forward: f64,
    /// Rounding the trunk has sunk the head so far,
    pub(crate) down: f64,
    /// and brought it forward so far,
    pub(crate) forward: f64,
    /// a neck bent by this angle included.
    pub(crate) rounded_neck: f64,
    /// The trunk is bent forward at the hips.
    pub(crate) trunk: f64,
    /// The trunk leans to the person's left.
    pub(crate) lean: f64,
    /// The trunk is turned to the person's left.
    pub(crate) trunk_turn: f64,
    /// The neck is bent forward on its own.
    pub(crate) neck: f64,
    /// The neck has carried the level head so far forward.
    pub(crate) neck_forward: f64,
    /// The head is bent down in the room, whatever bent it.
    pub(crate) nod: f64,
    /// The head is tilted to the person's left.
    pub(crate) tilt: f64,
    /// The head is turned to the person's left.
    pub(crate) turn: f64,
    /// Both shoulders are pulled up.
    pub(crate) shrug: f64,
    /// The left hand is on its way to the face: 0 on the keys, 1 at the chin.
    pub(crate) hand: f64,
    /// The eyes have left the screen: 0 on it, 1 elsewhere. On the screen the head follows half
    /// of every change of the direction to it.
    pub(crate) away: f64,
}

impl Posture {
    pub(crate) const UPRIGHT: Self = Self {
        chair_left: 0.0,
        chair_forward: 0.0,
        hips_forward: 0.0,
        down: 0.0,
        forward: 0.0,
        rounded_neck: 0.0,
        trunk: 0.0,
        lean: 0.0,
        trunk_turn: 0.0,
        neck: 0.0,
        neck_forward: 0.0,
        nod: 0.0,
        tilt: 0.0,
        turn: 0.0,
        shrug: 0.0,
        hand: 0.0,
        away: 0.0,
    };
    /// Pelvis rolled back and chest dropped; of the neck's bend two thirds are taken back by the
    /// head, which goes on looking at the screen.
    pub(crate) const SLUMP: Self = Self {
        down: 5.0,
        forward: 6.0,
        rounded_neck: 12.0,
        nod: 4.0,
        ..Self::UPRIGHT
    };
    /// Slid down on the seat, the back against the backrest.
    pub(crate) const SLIDE: Self = Self {
        hips_forward: 12.0,
        down: 8.0,
        forward: 3.0,
        rounded_neck: 12.0,
        nod: 2.0,
        ..Self::UPRIGHT
    };
    pub(crate) const FORWARD_4: Self = Self {
        neck_forward: 4.0,
        ..Self::UPRIGHT
    };
    pub(crate) const FORWARD_7: Self = Self {
        neck_forward: 7.0,
        ..Self::UPRIGHT
    };
    pub(crate) const LEAN_IN: Self = Self {
        trunk: 20.0,
        ..Self::UPRIGHT
    };
    /// Looking at the keys: the head by 10 degrees, the neck by 5.
    pub(crate) const KEYS: Self = Self {
        neck: 5.0,
        nod: 15.0,
        away: 1.0,
        ..Self::UPRIGHT
    };
    /// Looking at a telephone in the lap: the head by 25 degrees, the neck by 20.
    pub(crate) const PHONE: Self = Self {
        neck: 20.0,
        nod: 45.0,
        away: 1.0,
        ..Self::UPRIGHT
    };
    pub(crate) const SHRUG: Self = Self {
        shrug: 3.0,
        ..Self::UPRIGHT
    };
    /// On the backrest; the neck takes half of it back.
    pub(crate) const RECLINE: Self = Self {
        trunk: -15.0,
        neck: 7.5,
        ..Self::UPRIGHT
    };
    pub(crate) const HAND_AT_CHIN: Self = Self {
        hand: 1.0,
        ..Self::UPRIGHT
    };

    pub(crate) fn leaning(lean: f64) -> Self {
        Self {
            lean,
            ..Self::UPRIGHT
        }
    }

    pub(crate) fn tilted(tilt: f64) -> Self {
        Self {
            tilt,
            ..Self::UPRIGHT
        }
    }

    pub(crate) fn turned(turn: f64) -> Self {
        Self {
            turn,
            away: 1.0,
            ..Self::UPRIGHT
        }
    }

    /// The chair is turned, and the face still towards the screen.
    pub(crate) fn trunk_turned(trunk_turn: f64) -> Self {
        Self {
            trunk_turn,
            ..Self::UPRIGHT
        }
    }

    pub(crate) fn rolled(chair_left: f64, chair_forward: f64) -> Self {
        Self {
            chair_left,
            chair_forward,
            ..Self::UPRIGHT
        }
    }

    /// The posture `part` (0 to 1) of the way from this one to `to`.
    pub(crate) fn towards(&self, to: &Self, part: f64) -> Self {
        let mix = |of: fn(&Self) -> f64| of(self) + (of(to) - of(self)) * part;
        Self {
            chair_left: mix(|p| p.chair_left),
            chair_forward: mix(|p| p.chair_forward),
            hips_forward: mix(|p| p.hips_forward),
            down: mix(|p| p.down),
            forward: mix(|p| p.forward),
            rounded_neck: mix(|p| p.rounded_neck),
            trunk: mix(|p| p.trunk),
            lean: mix(|p| p.lean),
            trunk_turn: mix(|p| p.trunk_turn),
            neck: mix(|p| p.neck),
            neck_forward: mix(|p| p.neck_forward),
            nod: mix(|p| p.nod),
            tilt: mix(|p| p.tilt),
            turn: mix(|p| p.turn),
            shrug: mix(|p| p.shrug),
            hand: mix(|p| p.hand),
            away: mix(|p| p.away),
        }
    }
}
