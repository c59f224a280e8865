//! The paths (`a::b::c`) that a Rust source names: enough of the language to hold arrows, no more.

/// Every path of at least two words in `code`, groups of `use` taken apart. Comments, texts and
/// characters are not code.
pub(crate) fn paths(code: &str) -> Vec<String> {
    let words = words(&without_texts(code));
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let before = at;
        if is_name(&words[at]) {
            at = path(&words, at, "", &mut found);
        }
        at = at.max(before + 1);
    }
    found
}

/// The code with its comments, texts and characters left out; the lines stay.
pub(crate) fn without_texts(code: &str) -> String {
    let code: Vec<char> = code.chars().collect();
    let next = |at: usize| code.get(at + 1).copied().unwrap_or(' ');
    let mut kept = String::new();
    let mut at = 0;
    while at < code.len() {
        let skipped = match code[at] {
            '/' if next(at) == '/' => length(&code[at..], "\n"),
            '/' if next(at) == '*' => length(&code[at..], "*/") + 2,
            'r' if next(at) == '"' || next(at) == '#' => raw_text(&code, at),
            '"' => text(&code[at..], '"'),
            // A lifetime has no second quote.
            '\'' if next(at) == '\\' || code.get(at + 2) == Some(&'\'') => text(&code[at..], '\''),
            _ => 0,
        };
        if skipped == 0 {
            kept.push(code[at]);
        }
        let end = code.len().min(at + skipped.max(1));
        kept.extend(code[at..end].iter().skip(1).filter(|c| **c == '\n'));
        at = end;
    }
    kept
}

/// How far `end` is, or the rest.
fn length(code: &[char], end: &str) -> usize {
    let end: Vec<char> = end.chars().collect();
    let is_end = |window: &[char]| window == end;
    code.windows(end.len())
        .position(is_end)
        .unwrap_or(code.len())
}

fn text(code: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < code.len() && code[at] != quote {
        at += if code[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn raw_text(code: &[char], at: usize) -> usize {
    let hashes = code[at + 1..].iter().take_while(|c| **c == '#').count();
    let inside_a_name = at > 0 && (code[at - 1].is_alphanumeric() || code[at - 1] == '_');
    if inside_a_name || code.get(at + 1 + hashes) != Some(&'"') {
        return 0;
    }
    let start = at + hashes + 2;
    let end = format!("\"{}", "#".repeat(hashes));
    hashes + 2 + length(&code[start..], &end) + end.len()
}

/// Names, `::`, and single characters for all else.
fn words(code: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in code.chars() {
        let in_name = c.is_alphanumeric() || c == '_';
        match words.last_mut() {
            Some(last) if in_name && open => last.push(c),
            Some(last) if c == ':' && last == ":" && !open => last.push(c),
            _ if c.is_whitespace() => {}
            _ => words.push(c.to_string()),
        }
        open = in_name;
    }
    words
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads the path that begins at `at` below `prefix`; gives where it ends.
fn path(words: &[String], mut at: usize, prefix: &str, found: &mut Vec<String>) -> usize {
    let mut path = prefix.to_owned();
    while at < words.len() {
        match words[at].as_str() {
            "{" if path.ends_with("::") => return group(words, at + 1, &path, found),
            "*" if path.ends_with("::") => path.push('*'),
            word if is_name(word) => path.push_str(word),
            _ => break,
        }
        at += 1;
        if words.get(at).is_none_or(|word| word != "::") {
            break;
        }
        path.push_str("::");
        at += 1;
    }
    if path.contains("::") {
        found.push(path.trim_end_matches("::").to_owned());
    }
    at
}

/// Reads the paths of a group, up to and with its closing brace.
fn group(words: &[String], mut at: usize, prefix: &str, found: &mut Vec<String>) -> usize {
    while at < words.len() && words[at] != "}" {
        let before = at;
        at = match words[at].as_str() {
            "as" => at + 2,
            "," => at + 1,
            _ => path(words, at, prefix, found),
        };
        at = at.max(before + 1);
    }
    at + 1
}

#[test]
fn paths_are_found() {
    let code = r####"
        // use a::comment;
        /* use b::comment; */
        use crate::vision::{self, frame::{Frame, PixelFormat as P}, picture::*};
        fn f<'a>(x: &'a std::io::Error) -> super::Thing<'a> {
            let _ = ("c::text \" d::text", r#"e::raw "text""#, '"', '\'', f::g);
            Vec::<u8>::new();
            serde_json::json!({"h": i::j});
        }
    "####;
    let expected = [
        "crate::vision::self",
        "crate::vision::frame::Frame",
        "crate::vision::frame::PixelFormat",
        "crate::vision::picture::*",
        "std::io::Error",
        "super::Thing",
        "f::g",
        "Vec",
        "serde_json::json",
        "i::j",
    ];
    assert_eq!(paths(code), expected);
}

#[test]
fn lines_stay() {
    let code = "a /* x\ny */ b\nr\"\n\" c \"\n\" // z\nd";
    assert_eq!(without_texts(code).lines().count(), code.lines().count());
}
