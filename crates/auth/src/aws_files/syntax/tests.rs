//! Each row was compared with `botocore.configloader.raw_config_parse` of AWS CLI 1.46.3.

use super::*;

/// `[name] key=value key={key=value}` of each section, to be compared at a glance.
fn shown(text: &str) -> String {
    let sections = match parse(text.as_bytes()) {
        Ok(sections) => sections,
        Err(error) => return error.to_string(),
    };
    let show = |section: &RawSection| {
        let settings = section.settings.iter().map(|(key, value)| match value {
            Value::Text(text) => format!(" {key}={text}"),
            Value::Block(block) => format!(" {key}={block:?}"),
        });
        format!("[{}]{}", section.name, settings.collect::<String>())
    };
    let shown: Vec<String> = sections.iter().map(show).collect();
    shown.join(" ")
}

#[test]
fn files_are_read_as_the_aws_cli_reads_them() {
    let rows = [
        ("", ""),
        ("# only\n; comments\n\n", ""),
        ("[a]\nk = v\n", "[a] k=v"),
        ("[a]\r\nk = v\r\n[b]\rk=w", "[a] k=v [b] k=w"),
        ("[a]\nk: v\nl : w=x\nm=n:o", "[a] k=v l=w=x m=n:o"),
        ("[a]\nKey = Value", "[a] key=Value"),
        ("[a]\nk =\nl = m", "[a] k= l=m"),
        ("[a]\nk = \"v\"", "[a] k=\"v\""),
        ("[a]\nk = v # w ; x", "[a] k=v # w ; x"),
        ("[a] # note\nk=v", "[a] k=v"),
        ("[a] /* x */\nk=v", "[a] k=v"),
        ("[a]]\nk=v", "[a]] k=v"),
        ("[ a ]\nk=v", "[ a ] k=v"),
        ("[a]\n  k = v\n  l = w", "[a] k=v l=w"),
        ("[a]\n\tk = v\n\tl = w", "[a] k=v l=w"),
        ("  [a]\n  k = v", "[a] k=v"),
        ("[a]\n  # note\nk = v", "[a] k=v"),
        ("[a]\nk = v\n  # note\nl = w", "[a] k=v l=w"),
        ("[a]\nk = v\n\n  # note\n\n", "[a] k=v"),
        ("[a]\nk = v\n  more\nl = w", "[a] k=v\nmore l=w"),
        ("[a]\nk = v\n\n  more", "[a] k=v\n\nmore"),
        ("[a]\nk = v\n  l = w", "[a] k=v\nl = w"),
        ("[a]\n  k = v\nl = w", "[a] k=v l=w"),
        (
            "[a]\ns3 =\n  x = 1\n  # faster\n  Y=2=3\nk = v",
            "[a] k=v s3={\"Y\": \"2=3\", \"x\": \"1\"}",
        ),
        (
            "[a]\ns3 =\n\n  x = 1\n\n  y = 2",
            "[a] s3={\"x\": \"1\", \"y\": \"2\"}",
        ),
        (
            "[DEFAULT]\nk = d\nl = d\n[a]\nk = v\n[DEFAULT]\nm = d",
            "[a] k=v l=d m=d",
        ),
        ("[default]\nk = v", "[default] k=v"),
        ("[büro]\nk = ü", "[büro] k=ü"),
    ];
    for (text, expected) in rows {
        assert_eq!(shown(text), expected, "{text:?}");
    }
}

#[test]
fn what_the_aws_cli_refuses_is_refused_with_its_line() {
    let rows = [
        ("k = v", "line 1: this is before the first [section]"),
        ("\n# x\nk", "line 3: this is before the first [section]"),
        (
            "\u{feff}[a]\nk = v",
            "line 1: the file begins with a byte order mark, save it without one",
        ),
        ("[a]\nk", "line 2: neither a [section] nor `key = value`"),
        ("[a]\n= v", "line 2: neither a [section] nor `key = value`"),
        ("[]\nk = v", "line 1: this is before the first [section]"),
        ("[a]\n[]", "line 2: neither a [section] nor `key = value`"),
        ("[a]\nk = v\n[a]", "line 3: there is a section [a] already"),
        ("[a]\nk = v\nK = v", "line 3: the section has `k` already"),
        ("[a]\n  k = v\nk = v", "line 3: the section has `k` already"),
        (
            "[a]\ns3 =\n  x = 1\n  y",
            "line 4: the lines of an indented block must be `key = value`",
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(shown(text), expected, "{text:?}");
    }
    let latin = parse(b"[a]\nk = v\n# b\xfcro").unwrap_err();
    assert_eq!(latin.to_string(), "line 3: not UTF-8");
}
