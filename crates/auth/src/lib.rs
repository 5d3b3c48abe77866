//! Authorization tokens for AWS CodeArtifact.
