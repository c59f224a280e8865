//! Whoever shows a break: the screen, lines, or another program.

use std::time::Duration;

use super::super::stdio::print;
use super::{Break, events, words};
use crate::domain::exercise::coach::Coach;
use crate::domain::exercise::event::CoachEvent;
use crate::domain::io::Observation;
use crate::domain::time::Moment;
use crate::screen::{Terminal, View};
use crate::wording::duration;

/// The screen is drawn anew after so long at the latest: its timers show seconds.
const SCREEN: Duration = Duration::from_millis(100);

/// Lines know the time to this, should somebody end the break.
const LINES: Duration = Duration::from_secs(1);

/// Whoever shows a break.
pub enum Front {
    /// Events on stdout; with the time at which to look again, where time is real.
    Json(Option<Duration>),
    /// Lines on stdout, and whether it goes by time now.
    Lines(bool),
    /// The screen.
    Screen(Box<Terminal>),
}

impl Front {
    /// Events for another program: of what happens, or of a recording that goes as fast as it can.
    #[must_use]
    pub fn json(live: bool) -> Self {
        Self::Json(live.then_some(LINES))
    }

    /// After what time the loop goes round at the latest; `None`: only when something happens.
    #[must_use]
    pub fn refresh(&self) -> Option<Duration> {
        match self {
            Self::Json(refresh) => *refresh,
            Self::Lines(_) => Some(LINES),
            Self::Screen(_) => Some(SCREEN),
        }
    }

    /// The break begins.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(&self, of: &Break) -> anyhow::Result<()> {
        match self {
            Self::Json(_) => print(&events::begin(of).to_string()),
            Self::Lines(_) => {
                if let Some((need, lasted)) = of.because {
                    print(&of.texts.chosen_because(need, &duration(lasted)))?;
                }
                match of.notice.is_empty() {
                    true => Ok(()),
                    false => print(&of.notice),
                }
            }
            Self::Screen(_) => Ok(()),
        }
    }

    /// Tells what the coach says.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn tell(&mut self, of: &Break, at: Moment, said: &[CoachEvent]) -> anyhow::Result<()> {
        for event in said {
            match self {
                Self::Json(_) => print(&events::said(of, at, event).to_string())?,
                Self::Lines(timing) => {
                    match event {
                        CoachEvent::Timing(now) => *timing = *now,
                        // An exercise without a rule goes by time from its beginning.
                        CoachEvent::Announced(number, _) => {
                            let entry = of.plan.get(*number);
                            *timing = entry.is_some_and(|it| it.exercise.rule.is_none());
                        }
                        _ => {}
                    }
                    for line in words::said(of, event, *timing) {
                        print(&line)?;
                    }
                }
                Self::Screen(_) => {}
            }
        }
        Ok(())
    }

    /// Tells whoever asked for what means nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn mistake(&self, at: Moment, why: &str) -> anyhow::Result<()> {
        match self {
            Self::Json(_) => print(&events::mistake(at, why).to_string()),
            // A person has keys, and those that mean nothing do nothing.
            Self::Lines(_) | Self::Screen(_) => Ok(()),
        }
    }

    /// Shows how things stand.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn show(
        &mut self,
        of: &Break,
        coach: &Coach,
        seen: Option<&Observation>,
    ) -> anyhow::Result<()> {
        let Self::Screen(terminal) = self else {
            return Ok(());
        };
        let progress = coach.progress();
        let Some(entry) = of.plan.get(progress.exercise) else {
            return Ok(());
        };
        let title = of.routine.as_ref().map(|(_, title)| title.as_str());
        terminal.draw(&View {
            texts: of.texts,
            routine: &of.texts.break_title(title),
            exercises: of.plan.len(),
            exercise: &entry.texts.title,
            dose: &of.texts.dose(&entry.exercise.dose),
            steps: &entry.texts.steps,
            cautions: &entry.texts.cautions,
            phase: &words::phase_words(of.texts, progress.phase, progress.timing),
            by_time: entry.exercise.rule.is_none(),
            camera: of.camera,
            notice: &of.remark(),
            progress,
            seen,
        })
    }
}
