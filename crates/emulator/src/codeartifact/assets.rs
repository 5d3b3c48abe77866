//! The call that lists the files of a version: of generic packages, and of NuGet's, whose own documents have no hashes.
//! Shapes are those of the service model; other formats are not listed here.

use serde_json::{Value, json};

use super::page::page_of;
use super::query::{Query, check, not_found};
use super::{describe, generic};
use crate::reply::Refusal;

const NUGET: &str = "nuget";

pub(super) fn list(query: &Query<'_>) -> Result<Value, Refusal> {
    let format = query.required("format")?;
    if format == generic::FORMAT {
        return generic::assets(query);
    }
    check(format == NUGET, "format")?;
    of_nuget(query)
}

fn of_nuget(query: &Query<'_>) -> Result<Value, Refusal> {
    let (domain, repository) = (query.domain()?, query.repository()?);
    let (package, number) = (query.required("package")?, query.required("version")?);
    // A package without a namespace has nothing between two slashes of its ARN.
    let path = format!("{NUGET}//{}", package.to_lowercase());
    query.require_package(&domain, &repository, &path)?;
    let known = describe::existing_repository(query, &domain, &repository)?;
    let assets = known.packages.assets(NUGET, &package, &number);
    let assets =
        assets.ok_or_else(|| not_found("Package version not found", "package-version", &number))?;
    let items = assets
        .iter()
        .map(|(name, bytes)| generic::summary(name, bytes));
    let mut body = page_of(query, items.collect(), "assets")?;
    body["format"] = json!(NUGET);
    body["package"] = json!(package.to_lowercase());
    body["version"] = json!(number);
    Ok(body)
}
