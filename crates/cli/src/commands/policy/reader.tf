variable "principal" {
  description = "ARN of the role or user that may assume the role"
  type        = string
  default     = %principal%
}
?
?variable "external_id" {
?  description = "What the one who is trusted has to say each time"
?  type        = string
?  default     = %external_id%
?}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.principal]
    }
?
?    condition {
?      test     = "StringEquals"
?      variable = "sts:ExternalId"
?      values   = [var.external_id]
?    }
  }
}

data "aws_iam_policy_document" "read_packages" {
  statement {
    actions   = ["codeartifact:GetAuthorizationToken"]
    resources = [%codeartifact:GetAuthorizationToken%]
  }

  statement {
    actions   = ["codeartifact:GetRepositoryEndpoint"]
    resources = [%codeartifact:GetRepositoryEndpoint%]
  }

  statement {
    actions   = ["codeartifact:ReadFromRepository"]
    resources = [%codeartifact:ReadFromRepository%]
  }

  statement {
    actions   = ["sts:GetServiceBearerToken"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "sts:AWSServiceName"
      values   = ["codeartifact.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "reader" {
  name               = %name%
  path               = %path%
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "read_packages" {
  name   = "ReadPackages"
  role   = aws_iam_role.reader.id
  policy = data.aws_iam_policy_document.read_packages.json
}

output "role_arn" {
  value = aws_iam_role.reader.arn
}
?
?output "external_id" {
?  value = var.external_id
?}
