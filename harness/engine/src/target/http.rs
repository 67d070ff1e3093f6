//! HTTP calls, as a target file writes them.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Request, Uri};

use crate::diagnostic::{Code, Diagnostic, Spanned};
use crate::process::exec::fill;
use crate::yaml::decode::Table;
use crate::yaml::{Decoder, FromNode, Node, words, yaml_struct};

/// The port of HTTP.
const HTTP_PORT: u16 = 80;

words! {
    /// Methods of an HTTP call.
    #[derive(Default)]
    pub enum HttpMethod("method") {
        /// GET.
        Get = "GET",
        /// POST.
        #[default]
        Post = "POST",
        /// PUT.
        Put = "PUT",
        /// PATCH.
        Patch = "PATCH",
        /// DELETE.
        Delete = "DELETE",
    }
}

yaml_struct! {
    /// An HTTP call. Any answer of the 200s is success.
    struct HttpMap {
        /// Where to: `http://host:port/path`. What is put in for `{ref}`, `{value}`, `{change}` and `{action}` is percent-encoded.
        url: Spanned<String>,
        /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`; `POST` if absent.
        method: Option<HttpMethod>,
        /// Header fields, with the same replaced.
        #[schemars(default)]
        headers: Table<Spanned<String>>,
        /// The body, with the same replaced as it is.
        body: Option<String>,
    }
}

/// An HTTP call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpCall {
    url: String,
    method: HttpMethod,
    headers: Vec<(HeaderName, String)>,
    body: String,
    address: String,
}

impl HttpCall {
    /// `host:port` of the server.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Method and URL, for messages.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{} {}", self.method, self.url)
    }

    /// The request with every `{key}` replaced by its value.
    ///
    /// # Errors
    /// What cannot be said in HTTP with these values: a line break in a header field.
    pub fn request(&self, replace: &[(&str, &str)]) -> Result<Request<Full<Bytes>>, String> {
        let encoded: Vec<(&str, String)> = replace
            .iter()
            .map(|(key, value)| (*key, percent_encoded(value)))
            .collect();
        let encoded: Vec<(&str, &str)> = encoded.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let url = fill(&self.url, &encoded);
        let uri: Uri = url
            .parse()
            .map_err(|error| format!("`{url}` is no URL: {error}"))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(path)
            .header(HOST, host);
        for (name, value) in &self.headers {
            let value = fill(value, replace);
            let value = HeaderValue::from_str(&value)
                .map_err(|_| format!("`{}` is no value of {name}", value.escape_debug()))?;
            request = request.header(name, value);
        }
        let body = Full::new(Bytes::from(fill(&self.body, replace)));
        request.body(body).map_err(|error| error.to_string())
    }
}

/// Everything but what RFC 3986 calls unreserved becomes `%xx`.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

impl FromNode for HttpCall {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let map = HttpMap::from_node(node, cx)?;
        let address = address(&map.url, cx);
        let mut headers = Vec::new();
        for (name, value) in map.headers.0 {
            match name.value.parse::<HeaderName>() {
                Ok(header) => headers.push((header, value.value)),
                Err(_) => cx.error(
                    Code::Invalid,
                    name.span,
                    format!("`{name}` is no name of a header field"),
                ),
            }
        }
        Some(Self {
            url: map.url.value,
            method: map.method.unwrap_or_default(),
            headers,
            body: map.body.unwrap_or_default(),
            address: address?,
        })
    }
}

/// `host:port` of a URL; complains about every other kind of address.
fn address(url: &Spanned<String>, cx: &mut Decoder) -> Option<String> {
    let mut bad = |message: String, help: &str| {
        cx.push(Diagnostic::error(Code::Invalid, url.span, message).help(help));
        None
    };
    let form = "write `http://host:port/path`";
    // A key in a path is replaced by something that a path can hold.
    let keys = ["ref", "value", "change", "action"].map(|key| (key, "x"));
    let uri: Uri = match fill(&url.value, &keys).parse() {
        Ok(uri) => uri,
        Err(error) => return bad(format!("`{}` is no URL: {error}", url.value), form),
    };
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => {
            return bad(
                "HTTP over TLS is not supported".to_owned(),
                "call it with `exec: [curl, ...]`, or put a plain HTTP proxy before it",
            );
        }
        _ => {
            return bad(
                format!("`{}` does not begin with `http://`", url.value),
                form,
            );
        }
    }
    let authority = match uri.authority() {
        Some(authority) if !authority.host().is_empty() => authority,
        _ => return bad(format!("`{}` names no host", url.value), form),
    };
    if authority.as_str().contains('@') {
        return bad(
            "a URL with a password ends up in reports".to_owned(),
            "write `headers: {Authorization: ...}`",
        );
    }
    if !url.value.contains(authority.as_str()) {
        return bad(
            "the host cannot depend on what is stimulated".to_owned(),
            form,
        );
    }
    let port = authority.port_u16().unwrap_or(HTTP_PORT);
    Some(format!("{}:{port}", authority.host()))
}

impl schemars::JsonSchema for HttpCall {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HttpCall".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        HttpMap::json_schema(generator)
    }
}
