# Installs the programs of a release, for this user alone.
#
#     powershell -ExecutionPolicy Bypass -File install.ps1 [-To DIR] [-Version VERSION] [-From URL] [-NoPath]
#
# Downloads the archive, checks it against SHA256SUMS of the release, puts the programs into
# %LOCALAPPDATA%\Programs\codeartifact, and that folder on the user's Path. Run it again to update.
param(
    [string]$To = "$env:LOCALAPPDATA\Programs\codeartifact",
    [string]$Version = "@VERSION@",
    # Leaves the user's Path as it is.
    [switch]$NoPath,
    [string]$From = $(if ($env:CODEARTIFACT_RELEASES) { $env:CODEARTIFACT_RELEASES } else { "@RELEASES@" })
)
$ErrorActionPreference = "Stop"

if (-not $From -or $From.StartsWith("@")) { throw "no URL of the releases is known; name it: -From URL" }
$name = "codeartifact-$Version-x86_64-windows"
$work = New-Item -ItemType Directory -Path (Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))
try {
    foreach ($file in "$name.tar.gz", "SHA256SUMS") {
        Invoke-WebRequest -UseBasicParsing -Uri "$From/$Version/$file" -OutFile (Join-Path $work $file)
    }
    $line = Get-Content (Join-Path $work "SHA256SUMS") | Where-Object { $_ -match " \*?$([regex]::Escape("$name.tar.gz"))$" }
    $sum = (Get-FileHash -Algorithm SHA256 (Join-Path $work "$name.tar.gz")).Hash
    if (-not $line -or ($line -split " ")[0] -ne $sum) { throw "$name.tar.gz is not the file that the release lists in SHA256SUMS" }
    # As install.sh does: GitHub is asked who built a release that comes from there.
    $signed = "no signature was checked"
    if ($From -match "^https://github\.com/([^/]+/[^/]+)/releases/download$" -and (Get-Command gh -ErrorAction SilentlyContinue)) {
        $repository = $Matches[1]
        gh auth status *> $null
        if ($LASTEXITCODE -eq 0) {
            gh attestation verify (Join-Path $work "SHA256SUMS") --repo $repository *> $null
            if ($LASTEXITCODE -ne 0) { throw "GitHub has no attestation that $repository built this release" }
            $signed = "built by $repository, as GitHub attests"
        }
    }
    tar -xzf (Join-Path $work "$name.tar.gz") -C $work
    New-Item -ItemType Directory -Force -Path $To | Out-Null
    # A program that runs cannot be replaced, but it can be renamed.
    Get-ChildItem (Join-Path $work "$name\bin") | ForEach-Object {
        $file = Join-Path $To $_.Name
        if (Test-Path $file) { Move-Item -Force $file "$file.old" }
        Copy-Item $_.FullName $file
        Remove-Item -ErrorAction SilentlyContinue "$file.old"
    }
} finally {
    Remove-Item -Recurse -Force $work
}
$path = [Environment]::GetEnvironmentVariable("Path", "User")
if (-not $NoPath -and ";$path;" -notlike "*;$To;*") {
    [Environment]::SetEnvironmentVariable("Path", "$To;$path", "User")
    Write-Output "put $To on your Path; open a new terminal to use it"
}
Write-Output "checked: its SHA-256 sum; $signed"
Write-Output "installed $(& (Join-Path $To 'codeartifact.exe') --version) in $To"
