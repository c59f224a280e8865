//! The little that is needed of URLs: `scheme://user:password@host:port/path?query#fragment`.

/// Where a URL's scheme, authority and the rest begin and end.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    /// Path, query and fragment.
    rest: &'a str,
}

fn parts(url: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    Some(Parts {
        scheme,
        authority,
        rest,
    })
}

/// The scheme in lower case; empty when there is none.
pub(super) fn scheme(url: &str) -> String {
    parts(url).map_or(String::new(), |p| p.scheme.to_ascii_lowercase())
}

/// The URL without credentials, and the credentials, `user:password`, decoded.
pub(super) fn split_credentials(url: &str) -> (String, Option<Vec<u8>>) {
    let Some(p) = parts(url) else {
        return (url.to_owned(), None);
    };
    let Some((credentials, host)) = p.authority.rsplit_once('@') else {
        return (url.to_owned(), None);
    };
    let mut credentials = decode(credentials);
    if !credentials.contains(&b':') {
        credentials.push(b':');
    }
    (
        format!("{}://{host}{}", p.scheme, p.rest),
        Some(credentials),
    )
}

/// The URL as it may be shown: without credentials, query and fragment, any of which may be secret.
pub(super) fn shown(url: &str) -> String {
    let (url, _) = split_credentials(url);
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// Scheme, host and port: what must be the same for credentials to be sent along.
pub(super) fn origin(url: &str) -> Option<String> {
    let (url, _) = split_credentials(url);
    let p = parts(&url)?;
    Some(format!("{}://{}", p.scheme, p.authority).to_ascii_lowercase())
}

/// What `link` on the page `base` points to, without the fragment.
pub(super) fn join(base: &str, link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    let Some(p) = parts(base) else {
        return link.to_owned();
    };
    if parts(link).is_some() {
        return link.to_owned();
    }
    if let Some(rest) = link.strip_prefix("//") {
        return format!("{}://{rest}", p.scheme);
    }
    let root = format!("{}://{}", p.scheme, p.authority);
    let page = p.rest.split(['?', '#']).next().unwrap_or_default();
    if link.starts_with('?') || link.is_empty() {
        return format!("{root}{page}{link}");
    }
    let (path, query) = match link.find('?') {
        Some(at) => link.split_at(at),
        None => (link, ""),
    };
    let mut segments: Vec<&str> = Vec::new();
    if !path.starts_with('/') {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        segments.extend(folder.split('/').skip(1));
    }
    let relative = path.trim_start_matches('/');
    for segment in relative.split('/') {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    format!("{root}/{}{query}", segments.join("/"))
}

/// The decoded last part of the URL's path.
pub(super) fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    String::from_utf8_lossy(&decode(name)).into_owned()
}

/// Percent-decoding (RFC 3986, 2.1); a stray `%` stays.
fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .filter(|pair| pair.iter().all(u8::is_ascii_hexdigit))
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match pair {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_joined_as_browsers_do() {
        let base = "https://user:pw@host:8443/root/simple/pkg/?x=1";
        for (link, expected) in [
            ("https://other/a.whl#sha256=00", "https://other/a.whl"),
            ("//other/a.whl", "https://other/a.whl"),
            (
                "/files/a.whl?t=1#f",
                "https://user:pw@host:8443/files/a.whl?t=1",
            ),
            ("a.whl", "https://user:pw@host:8443/root/simple/pkg/a.whl"),
            ("./a.whl", "https://user:pw@host:8443/root/simple/pkg/a.whl"),
            (
                "../../files/a.whl",
                "https://user:pw@host:8443/root/files/a.whl",
            ),
            ("../../../../../a.whl", "https://user:pw@host:8443/a.whl"),
            ("", "https://user:pw@host:8443/root/simple/pkg/"),
        ] {
            assert_eq!(join(base, link), expected, "{link}");
        }
        assert_eq!(join("http://host", "a.whl"), "http://host/a.whl");
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        let (url, credentials) = split_credentials("https://me:p%40ss%2F@host/simple?k=v");
        assert_eq!(url, "https://host/simple?k=v");
        assert_eq!(credentials.unwrap(), b"me:p@ss/");
        assert_eq!(
            split_credentials("https://token@host/").1.unwrap(),
            b"token:"
        );
        assert_eq!(split_credentials("https://host/a@b").1, None);
        assert_eq!(
            shown("https://me:p@host/simple/?key=secret#x"),
            "https://host/simple/"
        );
    }

    #[test]
    fn origins_differ_by_scheme_host_and_port() {
        let of = |url| origin(url).unwrap();
        assert_eq!(of("https://me@Host/a"), of("HTTPS://host/b?c"));
        assert_ne!(of("https://host/"), of("http://host/"));
        assert_ne!(of("https://host/"), of("https://host:8443/"));
        assert_ne!(of("https://host/"), of("https://host.evil/"));
    }

    #[test]
    fn file_names_are_decoded() {
        assert_eq!(file_name("https://h/x/a%2Bb.whl?q=/c#d"), "a+b.whl");
        assert_eq!(file_name("a%2.whl"), "a%2.whl");
    }
}
