//! The lines that let every Maven load the extension: one for its script, which Maven 3 and 4 read, and one for the user's
//! properties, which Maven 4 reads also where an IDE starts it. What is loaded already stays, before or behind ours.

use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;

use super::folder;
use crate::error::UserError;
use crate::here;
use crate::plan::Plan;
use crate::text::Text;

/// Jars that Maven loads before it reads a project.
pub(super) const PROPERTY: &str = "maven.ext.class.path";
/// Our lines are not about one connection.
const MARK: &str = "maven";
/// Between paths.
const SEPARATOR: &str = if cfg!(windows) { ";" } else { ":" };
/// The first line of a command file that is all ours: a `#` is no comment there.
const OURS: &str = "@rem Written by `codeartifact setup maven`, which can also undo it.";

/// Plans both lines.
pub(super) fn add(
    plan: &mut Plan,
    jar: &Path,
    environment: &Environment,
) -> Result<(), anyhow::Error> {
    let jar = jar.display().to_string();
    if jar.contains([' ', '\'', '"', '$', '`', '\\', '%']) && !cfg!(windows) {
        return Err(UserError::new(format!(
            "maven: {MAVEN_OPTS} cannot hold the path {jar}\n  hint: `codeartifact exec -- mvn …` needs no file",
            MAVEN_OPTS = super::MAVEN_OPTS
        ))
        .into());
    }
    if cfg!(windows) {
        add_commands(plan, &jar, environment)?;
    } else {
        plan.edit(&script(environment)?, |text| {
            text.remove(Some(MARK))?;
            text.insert(text.end(), MARK, &[script_line(&jar)]);
            Ok(())
        })?;
    }
    plan.edit(&properties(environment)?, |text| {
        text.remove(Some(MARK))?;
        let line = set_property(text, &jar);
        text.insert(text.end(), MARK, &[line]);
        Ok(())
    })
}

/// Plans that they go.
pub(super) fn remove(plan: &mut Plan, environment: &Environment) -> Result<(), anyhow::Error> {
    for file in [script(environment)?, properties(environment)?] {
        plan.edit(&file, |text| Ok(text.remove(Some(MARK))?))?;
    }
    for file in command_files(environment)? {
        if is_ours(&file) {
            plan.put(&file, None)?;
        }
    }
    Ok(())
}

/// Tells if a line of ours is there.
pub(super) fn is_added(environment: &Environment) -> bool {
    let marked = |file: PathBuf| {
        let text = here::read(&file).map(|it| Text::parse(&it.text));
        text.is_some_and(|text| text.block(MARK).is_some())
    };
    [script(environment), properties(environment)]
        .into_iter()
        .flatten()
        .any(marked)
        || command_files(environment).is_ok_and(|files| files.iter().any(|file| is_ours(file)))
}

/// `MAVEN_OPTS` with the extension, beside those that it names.
pub(super) fn with_extension(options: &str, jar: &str) -> String {
    let option = format!("-D{PROPERTY}=");
    match options.rsplit_once(&option) {
        Some((before, there)) => format!("{before}{option}{jar}{SEPARATOR}{there}"),
        None => format!("{options} {option}{jar}").trim_start().to_owned(),
    }
}

/// The same in the shell's own words.
fn script_line(jar: &str) -> String {
    let option = format!("-D{PROPERTY}=");
    format!(
        "case \"${{MAVEN_OPTS-}}\" in *{option}*) MAVEN_OPTS=\"${{MAVEN_OPTS%{option}*}}{option}{jar}{SEPARATOR}${{MAVEN_OPTS##*{option}}}\";; \
         *) MAVEN_OPTS=\"${{MAVEN_OPTS-}} {option}{jar}\";; esac"
    )
}

/// Sets the user's own line aside, and says what takes its place.
fn set_property(text: &mut Text, jar: &str) -> String {
    let jar = jar.replace('\\', "/");
    let lines = text.lines();
    let found = lines.iter().enumerate().find_map(|(at, line)| {
        let rest = line.trim_start().strip_prefix(PROPERTY)?;
        let value = rest.trim_start().trim_start_matches(['=', ':']).trim();
        Some((at, value.to_owned()))
    });
    match found {
        Some((at, there)) => {
            text.set_aside_whole(at, MARK);
            format!("{PROPERTY}={jar}{SEPARATOR}{there}")
        }
        None => format!("{PROPERTY}={jar}"),
    }
}

/// Maven 3's name and Maven 4's. From their scripts; not tried.
fn add_commands(
    plan: &mut Plan,
    jar: &str,
    environment: &Environment,
) -> Result<(), anyhow::Error> {
    let option = format!("-D{PROPERTY}={jar}");
    let text = format!("{OURS}\r\n@set \"MAVEN_OPTS=%MAVEN_OPTS% {option}\"\r\n");
    for file in command_files(environment)? {
        if !file.exists() || is_ours(&file) {
            plan.put(&file, Some(&text))?;
        } else {
            plan.remark(&format!(
                "{} is yours and stays; add the line `set \"MAVEN_OPTS=%MAVEN_OPTS% {option}\"` to it",
                file.display()
            ));
        }
    }
    Ok(())
}

fn is_ours(file: &Path) -> bool {
    here::read(file).is_some_and(|it| it.text.starts_with(OURS))
}

fn script(environment: &Environment) -> Result<PathBuf, anyhow::Error> {
    Ok(folder(environment)?.with_file_name(".mavenrc"))
}

fn command_files(environment: &Environment) -> Result<[PathBuf; 2], anyhow::Error> {
    let folder = folder(environment)?;
    Ok(["mavenrc_pre.cmd", "mavenrc.cmd"].map(|name| folder.with_file_name(name)))
}

fn properties(environment: &Environment) -> Result<PathBuf, anyhow::Error> {
    Ok(folder(environment)?.join("maven-user.properties"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_extension_is_added_to_what_is_loaded() {
        let rows = [
            ("", "-Dmaven.ext.class.path=/j"),
            ("-Xmx1g", "-Xmx1g -Dmaven.ext.class.path=/j"),
            (
                "-Xmx1g -Dmaven.ext.class.path=/a:/b -Dx=y",
                "-Xmx1g -Dmaven.ext.class.path=/j:/a:/b -Dx=y",
            ),
            (
                "-Dmaven.ext.class.path=/a -Dmaven.ext.class.path=/b",
                "-Dmaven.ext.class.path=/a -Dmaven.ext.class.path=/j:/b",
            ),
        ];
        for (options, expected) in rows {
            assert_eq!(with_extension(options, "/j"), expected);
            let script = format!("set -u; {}; printf %s \"$MAVEN_OPTS\"", script_line("/j"));
            let mut shell = Command::new("sh");
            let said = shell
                .args(["-c", &script])
                .env("MAVEN_OPTS", options)
                .output();
            let said = String::from_utf8(said.unwrap().stdout).unwrap();
            assert_eq!(said.trim_start(), expected);
        }
    }

    #[test]
    fn a_users_property_stays_behind_ours_and_comes_back() {
        let original = "a=b\n maven.ext.class.path = /a\n";
        let mut text = Text::parse(original);
        let line = set_property(&mut text, "/j");
        assert_eq!(line, "maven.ext.class.path=/j:/a");
        text.insert(text.end(), MARK, &[line]);
        text.remove(Some(MARK)).unwrap();
        assert_eq!(text.to_string(), original);
    }
}
