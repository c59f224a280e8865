//! The two kinds of page a Python package index answers with: JSON (PEP 691) and HTML (PEP 503).

use serde::Deserialize;

use super::url;

/// What we ask for: JSON rather than HTML.
pub(super) const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, \
    application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// The address of the file called `name`, if the page lists it. `page_url` is where the page came from.
pub(super) fn find(
    page: &str,
    is_json: bool,
    page_url: &str,
    name: &str,
) -> Result<Option<String>, serde_json::Error> {
    let link = if is_json {
        let page: Page = serde_json::from_str(page)?;
        page.files
            .into_iter()
            .find(|file| file.filename == name)
            .map(|file| file.url)
    } else {
        links(page).find(|link| url::file_name(link) == name)
    };
    Ok(link.map(|link| url::join(page_url, &link)))
}

/// Whether a `Content-Type` says JSON.
pub(super) fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}

#[derive(Deserialize)]
struct Page {
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    filename: String,
    url: String,
}

/// The `href` of every `<a>` on a page.
fn links(page: &str) -> impl Iterator<Item = String> {
    page.split('<').filter_map(|tag| {
        let attributes = tag
            .strip_prefix(['a', 'A'])
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()))?;
        let at = attributes.to_ascii_lowercase().find("href")?;
        let value = attributes[at + "href".len()..]
            .trim_start()
            .strip_prefix('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let link = value[1..].split(quote).next()?;
        Some(link.trim().replace("&amp;", "&"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://host/simple/onnxruntime/";
    const NAME: &str = "onnxruntime-1.28.0-cp311.whl";

    #[test]
    fn json_pages_are_understood() {
        let page = r#"{"meta":{"api-version":"1.1"},"name":"onnxruntime","files":[
            {"filename":"onnxruntime-1.27.0-cp311.whl","url":"https://files/a.whl","hashes":{}},
            {"filename":"onnxruntime-1.28.0-cp311.whl","url":"../../files/b.whl#sha256=0","hashes":{},"yanked":false}]}"#;
        let found = find(page, true, BASE, NAME).unwrap();
        assert_eq!(found.unwrap(), "https://host/files/b.whl");
        assert_eq!(find(page, true, BASE, "other.whl").unwrap(), None);
        assert!(find("<html>", true, BASE, NAME).is_err());
    }

    #[test]
    fn html_pages_are_understood() {
        let check = |anchor: &str, expected: Option<&str>| {
            let page = format!(
                "<!DOCTYPE html><html><head><link href=\"x/{NAME}\"></head><body>\n\
                 <a href=\"https://files/onnxruntime-1.27.0-cp311.whl\">old</a><br/>\n{anchor}</body>"
            );
            let found = find(&page, false, BASE, NAME).unwrap();
            assert_eq!(found.as_deref(), expected, "{anchor}");
        };
        check(
            &format!(
                "<a href=\"https://files/x/{NAME}#sha256=00\" data-requires-python=\"&gt;=3.11\">{NAME}</a>"
            ),
            Some(&format!("https://files/x/{NAME}")),
        );
        check(
            &format!("<A class='f' HREF = '../../x/{NAME}?a=1&amp;b=2'>{NAME}</A>"),
            Some(&format!("https://host/x/{NAME}?a=1&b=2")),
        );
        check(&format!("<a name=\"x\">{NAME}</a>"), None);
        check(&format!("<abbr href=\"{NAME}\">"), None);
    }

    #[test]
    fn the_kind_of_page_is_told_by_its_content_type() {
        assert!(is_json("application/vnd.pypi.simple.v1+json"));
        assert!(is_json("Application/JSON; charset=utf-8"));
        assert!(!is_json("application/vnd.pypi.simple.v1+html"));
        assert!(!is_json("text/html; charset=utf-8"));
        assert!(!is_json(""));
    }
}
