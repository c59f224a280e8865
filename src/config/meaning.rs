//! From what is written to what is meant: every value against its range or its choices.

use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;

use super::broker;
use super::file::{self, File, Written};
use super::mistake::{Mistake, What};
use super::settings::{
    Alerts, BREAK_MINUTES, Breaks, COOLDOWN_MINUTES, Camera, CameraPolicy, DWELL_SECONDS, Desktop,
    EngineChoice, FIRM_MAX_MINUTES, HORIZONTAL_FOV_DEG, KEEP_DAYS, MAX_PER_HOUR, Model,
    PROMPT_MINUTES, Posture, RATE_HZ, REPEAT_MINUTES, SAMPLE_SECONDS, SNOOZE_MINUTES,
    STILL_MINUTES, STRENGTH_DAYS, Settings, Sitting, WATER_MINUTES, WEB_PORT, choose, minutes,
    one_of,
};
use crate::domain::hours::Hours;
use crate::domain::io::Fault;
use crate::domain::pattern::Pattern;
use crate::domain::settings::{BatteryPolicy, PausePolicy, PerFault, Sensitivity};
use crate::wording::Language;

/// What `file` means; where it says nothing, the default.
pub(super) fn settings(file: &File) -> Result<Settings, Mistake> {
    Ok(Settings {
        camera: camera(&file.camera)?,
        model: model(&file.model)?,
        posture: posture(&file.posture)?,
        faults: faults(&file.faults)?,
        alerts: alerts(&file.alerts)?,
        sitting: sitting(&file.sitting)?,
        breaks: breaks(&file.r#break)?,
        pauses: pauses(&file.pauses)?,
        desktop: desktop(&file.desktop)?,
        keep_days: keep_days(&file.history.keep_days)?,
        mqtt: broker::mqtt(&file.mqtt)?,
        web_port: web_port(&file.web.port)?,
    })
}

fn camera(file: &file::Camera) -> Result<Camera, Mistake> {
    let default = Camera::default();
    if let Some(source) = &file.source
        && source.get_ref().trim().is_empty()
    {
        let allowed = "\"camera\", \"sample\" or a path".to_owned();
        return Err(refuse("camera.source", source, "empty".to_owned(), allowed));
    }
    Ok(Camera {
        source: file
            .source
            .as_ref()
            .map_or(default.source, |source| source.get_ref().clone()),
        rate_hz: number("camera.rate_hz", &file.rate_hz, RATE_HZ)?.unwrap_or(default.rate_hz),
        horizontal_fov_deg: number(
            "camera.horizontal_fov_deg",
            &file.horizontal_fov_deg,
            HORIZONTAL_FOV_DEG,
        )?
        .unwrap_or(default.horizontal_fov_deg),
        policy: choice(
            "camera.policy",
            &file.policy,
            &CameraPolicy::ALL,
            CameraPolicy::name,
        )?
        .unwrap_or(default.policy),
        sample: number(
            "camera.sample_seconds",
            &file.sample_seconds,
            SAMPLE_SECONDS,
        )?
        .map_or(default.sample, Duration::from_secs_f64),
    })
}

fn model(file: &file::Model) -> Result<Model, Mistake> {
    let default = Model::default();
    Ok(Model {
        name: model_name(&file.name)?.unwrap_or(default.name),
        engine: choice(
            "model.engine",
            &file.engine,
            &EngineChoice::ALL,
            EngineChoice::name,
        )?
        .unwrap_or(default.engine),
    })
}

fn posture(file: &file::Posture) -> Result<Posture, Mistake> {
    let default = Posture::default();
    let dwell = number("posture.dwell_seconds", &file.dwell_seconds, DWELL_SECONDS)?;
    Ok(Posture {
        sensitivity: choice(
            "posture.sensitivity",
            &file.sensitivity,
            &[
                Sensitivity::Relaxed,
                Sensitivity::Normal,
                Sensitivity::Strict,
            ],
            Sensitivity::name,
        )?
        .unwrap_or(default.sensitivity),
        dwell: dwell.map_or(default.dwell, Duration::from_secs_f64),
    })
}

/// The sensitivities of single faults; `default` is the posture's.
fn faults(file: &file::Faults) -> Result<PerFault<Option<Sensitivity>>, Mistake> {
    const DEFAULT: &str = "default";
    let mut faults = PerFault::new(|_| None);
    for (fault, key, written) in [
        (Fault::Slouch, "faults.slouch", &file.slouch),
        (
            Fault::ForwardHead,
            "faults.forward_head",
            &file.forward_head,
        ),
        (Fault::LeanIn, "faults.lean_in", &file.lean_in),
        (Fault::SideLean, "faults.side_lean", &file.side_lean),
        (Fault::HeadTilt, "faults.head_tilt", &file.head_tilt),
        (Fault::HeadDown, "faults.head_down", &file.head_down),
        (
            Fault::RaisedShoulders,
            "faults.raised_shoulders",
            &file.raised_shoulders,
        ),
        (Fault::TooClose, "faults.too_close", &file.too_close),
    ] {
        let Some(word) = written.as_ref().filter(|word| word.get_ref() != DEFAULT) else {
            continue;
        };
        let chosen = choose(word.get_ref(), &Sensitivity::ALL, Sensitivity::name);
        let sensitivity = chosen.map_err(|_| {
            let words = Sensitivity::ALL.iter().map(|s| s.name());
            let allowed = one_of(std::iter::once(DEFAULT).chain(words));
            refuse(key, word, format!("{:?}", word.get_ref()), allowed)
        })?;
        faults.set(fault, Some(sensitivity));
    }
    Ok(faults)
}

fn alerts(file: &file::Alerts) -> Result<Alerts, Mistake> {
    let default = Alerts::default();
    let span = |key, written, range| Ok(number(key, written, range)?.map(minutes));
    Ok(Alerts {
        notify: flag(&file.notify, default.notify),
        sound: flag(&file.sound, default.sound),
        bell: flag(&file.bell, default.bell),
        on_alert: command("alerts.on_alert", &file.on_alert)?,
        cooldown: span(
            "alerts.cooldown_minutes",
            &file.cooldown_minutes,
            COOLDOWN_MINUTES,
        )?
        .unwrap_or(default.cooldown),
        repeat: span(
            "alerts.repeat_minutes",
            &file.repeat_minutes,
            REPEAT_MINUTES,
        )?
        .unwrap_or(default.repeat),
        max_per_hour: whole("alerts.max_per_hour", &file.max_per_hour, MAX_PER_HOUR, "")?
            .unwrap_or(default.max_per_hour),
        snooze: span(
            "alerts.snooze_minutes",
            &file.snooze_minutes,
            SNOOZE_MINUTES,
        )?
        .unwrap_or(default.snooze),
    })
}

fn flag(written: &Written<bool>, default: bool) -> bool {
    written
        .as_ref()
        .map_or(default, |written| *written.get_ref())
}

/// A command that can be taken apart into words; empty for none.
fn command(key: &'static str, written: &Written<String>) -> Result<String, Mistake> {
    let Some(text) = written else {
        return Ok(String::new());
    };
    let command = text.get_ref();
    if shell_words::split(command).is_err() {
        let allowed = "a command with its quotation marks closed".to_owned();
        return Err(refuse(key, text, format!("{command:?}"), allowed));
    }
    Ok(command.clone())
}

fn pauses(file: &file::Pauses) -> Result<PausePolicy, Mistake> {
    let default = PausePolicy::default();
    Ok(PausePolicy {
        locked: flag(&file.locked, default.locked),
        call: flag(&file.call, default.call),
        screen_share: flag(&file.screen_share, default.screen_share),
        battery: choice(
            "pauses.battery",
            &file.battery,
            &BatteryPolicy::ALL,
            BatteryPolicy::name,
        )?
        .unwrap_or(default.battery),
        work: hours("pauses.work_hours", &file.work_hours)?,
        quiet: hours("pauses.quiet_hours", &file.quiet_hours)?,
    })
}

fn desktop(file: &file::Desktop) -> Result<Desktop, Mistake> {
    let default = Desktop::default();
    Ok(Desktop {
        tray: flag(&file.tray, default.tray),
        language: language(&file.language)?,
    })
}

fn language(written: &Written<String>) -> Result<Option<Language>, Mistake> {
    const AUTO: &str = "auto";
    let Some(word) = written.as_ref().filter(|word| word.get_ref() != AUTO) else {
        return Ok(None);
    };
    let chosen = choose(word.get_ref(), &Language::ALL, Language::code);
    chosen.map(Some).map_err(|_| {
        let codes = Language::ALL.iter().map(|language| language.code());
        let allowed = one_of(std::iter::once(AUTO).chain(codes));
        refuse(
            "desktop.language",
            word,
            format!("{:?}", word.get_ref()),
            allowed,
        )
    })
}

fn breaks(file: &file::Break) -> Result<Breaks, Mistake> {
    let days = whole(
        "break.strength_days",
        &file.strength_days,
        STRENGTH_DAYS,
        "",
    )?;
    Ok(Breaks {
        terminal: command("break.terminal", &file.terminal)?,
        strength_days: days.unwrap_or(Breaks::default().strength_days),
    })
}

fn keep_days(written: &Written<f64>) -> Result<u32, Mistake> {
    if written.as_ref().is_some_and(|days| *days.get_ref() == 0.0) {
        return Ok(0);
    }
    let days = whole("history.keep_days", written, KEEP_DAYS, "0 (nothing) or ")?;
    Ok(days.unwrap_or(Settings::default().keep_days))
}

fn web_port(written: &Written<f64>) -> Result<Option<u16>, Mistake> {
    if written.as_ref().is_some_and(|port| *port.get_ref() == 0.0) {
        return Ok(None);
    }
    let port = whole("web.port", written, WEB_PORT, "0 (none) or ")?;
    Ok(port.and_then(|port| u16::try_from(port).ok()))
}

fn hours(key: &'static str, written: &Written<String>) -> Result<Hours, Mistake> {
    let Some(text) = written else {
        return Ok(Hours::default());
    };
    Hours::parse(text.get_ref()).map_err(|_| {
        let given = format!("{:?}", text.get_ref());
        let allowed = "hours such as \"mon-fri 9:00-17:30, sat 10:00-12:00\", eight at most";
        refuse(key, text, given, allowed.to_owned())
    })
}

fn sitting(file: &file::Sitting) -> Result<Sitting, Mistake> {
    let default = Sitting::default();
    let prompt = or_never(
        "sitting.prompt_minutes",
        &file.prompt_minutes,
        PROMPT_MINUTES,
        default.prompt,
    )?;
    let pattern = pattern(&file.pattern)?;
    // A pattern says when, unless nothing is to be said at all.
    let prompt = prompt.map(|prompt| pattern.map_or(prompt, Pattern::sit));
    let break_minutes = number("sitting.break_minutes", &file.break_minutes, BREAK_MINUTES)?;
    Ok(Sitting {
        prompt,
        firm: firm(file, prompt, pattern)?,
        break_length: break_minutes.map_or(default.break_length, minutes),
        pattern,
        eyes: flag(&file.eyes, default.eyes),
        water: or_never(
            "sitting.water_minutes",
            &file.water_minutes,
            WATER_MINUTES,
            default.water,
        )?,
        still: or_never(
            "sitting.still_minutes",
            &file.still_minutes,
            STILL_MINUTES,
            default.still,
        )?,
    })
}

/// Minutes in `range`, or 0 for never.
fn or_never(
    key: &'static str,
    written: &Written<f64>,
    range: RangeInclusive<f64>,
    default: Option<Duration>,
) -> Result<Option<Duration>, Mistake> {
    match written {
        None => Ok(default),
        Some(off) if *off.get_ref() == 0.0 => Ok(None),
        Some(written) => Ok(Some(minutes(within(key, written, range, "0 (never) or ")?))),
    }
}

fn pattern(written: &Written<String>) -> Result<Option<Pattern>, Mistake> {
    let Some(text) = written.as_ref().filter(|text| !text.get_ref().is_empty()) else {
        return Ok(None);
    };
    Pattern::parse(text.get_ref()).map(Some).ok_or_else(|| {
        let ((least_sit, most_sit), (least, most)) = (Pattern::SIT, Pattern::MOVE);
        let allowed = format!(
            "\"\" (none) or whole minutes of sitting, standing and moving, such as \"20-8-2\", \
             or of sitting and moving, such as \"30-2\" and \"50-10\": from {least_sit} to \
             {most_sit}, up to {}, and from {least} to {most}",
            Pattern::LONGEST_STAND
        );
        let given = format!("{:?}", text.get_ref());
        refuse("sitting.pattern", text, given, allowed)
    })
}

/// The firm prompt comes after the first. Without a first prompt there is none, and any time will
/// do.
fn firm(
    file: &file::Sitting,
    prompt: Option<Duration>,
    pattern: Option<Pattern>,
) -> Result<Duration, Mistake> {
    let default = Sitting::default().firm.as_secs_f64() / 60.0;
    let firm = file.firm_minutes.as_ref().map_or(default, |f| *f.get_ref());
    let after = prompt.map_or(0.0, |prompt| prompt.as_secs_f64() / 60.0);
    if firm > after && firm <= FIRM_MAX_MINUTES {
        return Ok(minutes(firm));
    }
    let first = match pattern {
        Some(_) => "the minutes of sitting in \"pattern\"",
        None => "\"prompt_minutes\"",
    };
    let allowed = format!("more than {first} ({after}) and at most {FIRM_MAX_MINUTES}");
    let by_default = match pattern {
        Some(_) => file.pattern.as_ref().map(Spanned::span),
        None => file.prompt_minutes.as_ref().map(Spanned::span),
    };
    let (value, span) = match &file.firm_minutes {
        Some(written) => (firm.to_string(), Some(written.span())),
        None => (format!("{firm}, its default"), by_default),
    };
    Err(Mistake {
        span,
        what: What::Value {
            key: "sitting.firm_minutes",
            value,
            allowed,
        },
    })
}

fn number(
    key: &'static str,
    written: &Written<f64>,
    range: RangeInclusive<f64>,
) -> Result<Option<f64>, Mistake> {
    let written = written.as_ref();
    written
        .map(|value| within(key, value, range, ""))
        .transpose()
}

/// A value in its range; `or` names what else is allowed. NaN is in no range.
fn within(
    key: &'static str,
    written: &Spanned<f64>,
    range: RangeInclusive<f64>,
    or: &str,
) -> Result<f64, Mistake> {
    let value = *written.get_ref();
    if range.contains(&value) {
        return Ok(value);
    }
    let allowed = format!("{or}from {} to {}", range.start(), range.end());
    Err(refuse(key, written, value.to_string(), allowed))
}

/// A whole number in `range`, which holds no negative ones; `or` names what else is allowed.
fn whole(
    key: &'static str,
    written: &Written<f64>,
    range: RangeInclusive<f64>,
    or: &str,
) -> Result<Option<u32>, Mistake> {
    let Some(value) = written else {
        return Ok(None);
    };
    let number = *value.get_ref();
    if !range.contains(&number) || number.fract() != 0.0 {
        let (lowest, highest) = (range.start(), range.end());
        let allowed = format!("{or}a whole number from {lowest} to {highest}");
        return Err(refuse(key, value, number.to_string(), allowed));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number in the range above"
    )]
    Ok(Some(number as u32))
}

fn choice<T: Copy>(
    key: &'static str,
    written: &Written<String>,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, Mistake> {
    let Some(word) = written else {
        return Ok(None);
    };
    let chosen = choose(word.get_ref(), all, name);
    chosen
        .map(Some)
        .map_err(|allowed| refuse(key, word, format!("{:?}", word.get_ref()), allowed))
}

/// A model's name, or what can only be a path: a mistyped name must not be searched as a file.
fn model_name(written: &Written<String>) -> Result<Option<String>, Mistake> {
    let Some(word) = written else {
        return Ok(None);
    };
    let name = word.get_ref();
    let is_path = Path::new(name).components().count() > 1
        || Path::new(name).extension().is_some_and(|end| end == "onnx");
    if is_path || matches!(name.as_str(), "lightning" | "thunder") {
        return Ok(Some(name.clone()));
    }
    let allowed = "\"lightning\", \"thunder\" or the path of a model file".to_owned();
    Err(refuse("model.name", word, format!("{name:?}"), allowed))
}

pub(super) fn refuse<T>(
    key: &'static str,
    at: &Spanned<T>,
    value: String,
    allowed: String,
) -> Mistake {
    Mistake {
        span: Some(at.span()),
        what: What::Value {
            key,
            value,
            allowed,
        },
    }
}
