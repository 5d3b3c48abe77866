variable "create_provider" {
  description = "An account has one provider for each issuer. Say false if it has this one, and add the audience to its client IDs"
  type        = bool
  default     = true
}

resource "aws_iam_openid_connect_provider" "issuer" {
  count          = var.create_provider ? 1 : 0
  url            = %url%
  client_id_list = [%audience%]
}

resource "aws_iam_role" "pipeline" {
  name               = %name%
  path               = %path%
  assume_role_policy = %trust text%
}

resource "aws_iam_role_policy" "connection" {
  name   = "Connection"
  role   = aws_iam_role.pipeline.id
  policy = %policy text%
}

output "role_arn" {
  value = aws_iam_role.pipeline.arn
}
