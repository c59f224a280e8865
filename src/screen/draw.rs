//! A view as a frame of the terminal.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Color, Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph};

use super::View;
use super::figure::figure;
use crate::domain::exercise::event::Phase;
use crate::wording::capital;

/// Cells of the bar that shows how long a repetition is held.
const BAR: usize = 12;

/// Up to so many repetitions are shown as dots.
const DOTS: u32 = 20;

/// Draws `view` on the whole frame.
pub fn draw(frame: &mut Frame<'_>, view: &View<'_>) {
    let progress = &view.progress;
    let number = view
        .texts
        .of_exercises(progress.exercise + 1, view.exercises);
    let keys = match progress.paused {
        true => view.texts.keys_paused(),
        false => view.texts.keys(),
    };
    let block = Block::bordered()
        .title(format!(" {} · {number} ", view.routine))
        .title_bottom(format!(" {keys} "));
    let inner = block.inner(frame.area());
    frame.render_widget(block, frame.area());

    let width = usize::from(inner.width).saturating_sub(2);
    let mut head = vec![Line::from(format!(" {}, {}", view.exercise, view.dose)).bold()];
    let steps = view.steps.iter().flat_map(|step| wrap(step, width));
    head.extend(steps.map(|line| Line::from(format!(" {line}"))));
    let notice = wrap(view.notice, width);
    let rows = |count: usize| Constraint::Length(u16::try_from(count).unwrap_or(u16::MAX));
    let [top, body, bottom] =
        Layout::vertical([rows(head.len()), Constraint::Min(1), rows(notice.len())]).areas(inner);
    frame.render_widget(Paragraph::new(head), top);
    let notice = notice
        .into_iter()
        .map(|line| Line::from(format!(" {line}")));
    frame.render_widget(Paragraph::new(notice.collect::<Vec<_>>()).dim(), bottom);

    // Without anything to look at, the words have the whole width.
    let mirrored = Constraint::Fill(u16::from(view.camera));
    let halves = [mirrored, Constraint::Fill(1)];
    let [left, right] = Layout::horizontal(halves).spacing(1).areas(body);
    mirror(frame, view, left);
    let width = usize::from(right.width);
    frame.render_widget(Paragraph::new(standing(view, width)), right);
}

/// The figure, or why there is none.
fn mirror(frame: &mut Frame<'_>, view: &View<'_>, area: Rect) {
    let color = match view.progress.phase {
        Phase::Hold(_) if !view.progress.timing => Color::Green,
        _ => Color::Reset,
    };
    match view.seen {
        Some(seen) => frame.render_widget(figure(seen, area, color), area),
        None if view.camera => {
            let words = Paragraph::new(view.texts.no_picture_yet());
            let middle = Rect {
                y: area.y + area.height / 2,
                height: 1.min(area.height),
                ..area
            };
            frame.render_widget(words.alignment(Alignment::Center).dim(), middle);
        }
        None => {}
    }
}

/// How the exercise stands, in lines of at most `width` characters.
fn standing<'a>(view: &View<'a>, width: usize) -> Vec<Line<'a>> {
    let (texts, progress) = (view.texts, &view.progress);
    let mut lines = vec![Line::default()];
    let mut phase = capital(view.phase);
    if let (Phase::GetReady, Some(left)) = (progress.phase, progress.left) {
        phase = format!("{phase}: {}", seconds(left));
    }
    if progress.paused {
        phase = capital(texts.clock_stopped());
    }
    let style = match progress.phase {
        _ if progress.paused => Style::new().yellow(),
        Phase::Hold(_) => Style::new().green(),
        _ => Style::new().cyan(),
    };
    lines.extend(
        wrap(&phase, width)
            .into_iter()
            .map(|line| Line::styled(line, style.bold())),
    );
    lines.push(Line::default());
    if !matches!(progress.phase, Phase::GetReady | Phase::Neutral) {
        let (held, hold) = progress.held;
        lines.push(Line::from(format!(
            "{} {} / {}",
            bar(held, hold),
            held.as_secs(),
            seconds(hold)
        )));
        let (done, wanted) = progress.done;
        let count = format!("{} {}", texts.of(done, wanted), texts.repetitions());
        lines.push(Line::from(match wanted <= DOTS {
            true => format!("{} {count}", dots(done, wanted)),
            false => count,
        }));
    }
    if progress.phase == Phase::GetReady {
        let cautions = view.cautions.iter().flat_map(|it| wrap(it, width));
        lines.extend(cautions.map(|line| Line::from(line).dim()));
    }
    lines.push(Line::default());
    let missing = match (progress.hint, progress.in_the_way) {
        _ if progress.paused => None,
        (Some(hint), _) => Some(texts.hint(hint)),
        (None, hindrance) => hindrance.map(|it| texts.hindrance(it)),
    };
    let note = match () {
        () if view.by_time => Some(texts.goes_by_time()),
        () if view.camera && progress.timing => Some(texts.timing_you()),
        () => None,
    };
    let styled = [
        (missing, Style::new().yellow().bold()),
        (cheer(view), Style::new().green()),
        (note, Style::new().dim()),
    ];
    for (words, style) in styled {
        let words = words.map(capital).unwrap_or_default();
        lines.extend(
            wrap(&words, width)
                .into_iter()
                .map(|line| Line::styled(line, style)),
        );
    }
    lines
}

/// A word on how far it is.
fn cheer(view: &View<'_>) -> Option<&'static str> {
    let (done, wanted) = view.progress.done;
    match view.progress.phase {
        Phase::GetReady | Phase::Neutral | Phase::Over => None,
        _ if 1 < wanted && done + 1 == wanted => Some(view.texts.last_one()),
        _ if 2 < wanted && 2 * done == wanted => Some(view.texts.half_done()),
        _ => None,
    }
}

fn bar(held: Duration, hold: Duration) -> String {
    let part = held.as_secs_f64() / hold.as_secs_f64().max(0.001);
    let full = ((part * BAR as f64) as usize).min(BAR);
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

fn dots(done: u32, wanted: u32) -> String {
    let done = done.min(wanted);
    let of = |sign: &str, count: u32| sign.repeat(count as usize);
    format!("{}{}", of("●", done), of("○", wanted - done))
}

/// What is left, in whole seconds begun.
fn seconds(span: Duration) -> String {
    format!("{:.0} s", span.as_secs_f64().ceil())
}

/// `text` in lines of at most `width` characters, broken between words; no line for no text.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let length = |line: &str| line.chars().count();
        match lines.last_mut() {
            Some(line) if length(line) + 1 + length(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::domain::exercise::event::CoachProgress;
    use crate::domain::exercise::{Hint, Side};
    use crate::domain::io::Observation;
    use crate::domain::pose::{Joint, Keypoint, Pose};
    use crate::wording::Language;

    /// The screen of `view`, as text.
    fn screen(view: &View<'_>) -> String {
        let mut terminal = Terminal::new(TestBackend::new(60, 16)).unwrap();
        terminal.draw(|frame| draw(frame, view)).unwrap();
        terminal.backend().to_string()
    }

    fn progress(phase: Phase) -> CoachProgress {
        CoachProgress {
            exercise: 1,
            phase,
            left: None,
            held: (Duration::from_secs(4), Duration::from_secs(15)),
            done: (1, 4),
            timing: false,
            hint: None,
            in_the_way: None,
            paused: false,
        }
    }

    /// Somebody whose left arm is up; the right one is out of sight.
    fn seen() -> Observation {
        let mut pose = Pose::default();
        for (joint, x, y, confidence) in [
            (Joint::Nose, 320.0, 150.0, 0.9),
            (Joint::LeftEye, 335.0, 135.0, 0.9),
            (Joint::RightEye, 305.0, 135.0, 0.9),
            (Joint::LeftEar, 365.0, 145.0, 0.9),
            (Joint::RightEar, 275.0, 145.0, 0.9),
            (Joint::LeftShoulder, 430.0, 300.0, 0.9),
            (Joint::RightShoulder, 210.0, 300.0, 0.9),
            (Joint::LeftElbow, 520.0, 200.0, 0.9),
            (Joint::LeftWrist, 540.0, 60.0, 0.9),
            (Joint::RightElbow, 100.0, 400.0, 0.29),
        ] {
            pose = pose.with(joint, Keypoint { x, y, confidence });
        }
        Observation {
            frame: (640, 480),
            pose,
            presence: 0.9,
            light: 0.5,
            camera: None,
            other_person: None,
        }
    }

    fn steps() -> Vec<String> {
        ["Ear towards the shoulder, the other shoulder stays down."]
            .map(str::to_owned)
            .to_vec()
    }

    fn view<'a>(steps: &'a [String], progress: CoachProgress) -> View<'a> {
        View {
            texts: Language::English.texts(),
            routine: "Neck and shoulders",
            exercises: 4,
            exercise: "Neck side bend",
            dose: "2 times 15 s each side",
            steps,
            cautions: &[],
            phase: "go: left",
            by_time: false,
            camera: true,
            notice: "",
            progress,
            seen: None,
        }
    }

    #[test]
    fn the_figure_is_a_mirror_and_the_hint_is_shown() {
        let (steps, seen) = (steps(), seen());
        let progress = CoachProgress {
            hint: Some(Hint::BendFurther),
            ..progress(Phase::Go(Some(Side::Left)))
        };
        assert_snapshot!(screen(&View {
            seen: Some(&seen),
            ..view(&steps, progress)
        }));
    }

    #[test]
    fn held_near_the_end() {
        let steps = steps();
        let progress = CoachProgress {
            done: (3, 4),
            ..progress(Phase::Hold(Some(Side::Right)))
        };
        assert_snapshot!(screen(&View {
            phase: "hold: right",
            ..view(&steps, progress)
        }));
    }

    #[test]
    fn paused_it_gives_no_hints() {
        let steps = steps();
        let progress = CoachProgress {
            paused: true,
            hint: Some(Hint::BendFurther),
            ..progress(Phase::Go(Some(Side::Left)))
        };
        assert_snapshot!(screen(&view(&steps, progress)));
    }

    #[test]
    fn getting_ready_it_tells_what_to_mind() {
        let (steps, cautions) = (steps(), ["Pain or tingling: stop.".to_owned()]);
        let progress = CoachProgress {
            left: Some(Duration::from_millis(3200)),
            ..progress(Phase::GetReady)
        };
        assert_snapshot!(screen(&View {
            phase: "get ready",
            cautions: &cautions,
            ..view(&steps, progress)
        }));
    }

    #[test]
    fn without_a_camera_in_german() {
        let steps = ["Ohr Richtung Schulter.".to_owned()];
        let texts = Language::German.texts();
        let progress = CoachProgress {
            timing: true,
            ..progress(Phase::Hold(Some(Side::Left)))
        };
        assert_snapshot!(screen(&View {
            texts,
            routine: "Nacken und Schultern",
            exercise: "Seitneigung",
            dose: "2 mal 15 s je Seite",
            phase: "weitermachen: links",
            camera: false,
            notice: texts.no_camera(),
            ..view(&steps, progress)
        }));
    }

    #[test]
    fn no_size_is_too_small_to_draw() {
        let (steps, seen) = (steps(), seen());
        let view = View {
            seen: Some(&seen),
            ..view(&steps, progress(Phase::Hold(None)))
        };
        for (columns, rows) in [(1, 1), (3, 2), (10, 4), (59, 15), (300, 3)] {
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
            terminal.draw(|frame| draw(frame, &view)).unwrap();
        }
    }
}
