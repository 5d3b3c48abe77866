// Written by `codeartifact setup sbt`, which can also undo it.
//
// Gives a login to each CodeArtifact host that this build names, when something is about to be read from it or published
// there. It adds no resolver, and no token is in here.
credentials ++= {
  val ours = """(?i)https://((?:[a-z0-9-]+-\d{12}\.(?:d\.codeartifact\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|codeartifact\.[a-z0-9-]+\.on\.aws)|vpce-[a-z0-9-]+\.d\.codeartifact\.[a-z0-9-]+\.vpce\.amazonaws\.com)@HOSTS@)/.*""".r
  val named = (externalResolvers.value ++ publishTo.value).collect { case it: MavenRepository => it.root }
  val hosts = named.collect { case url @ ours(host) => host -> url }.toMap
  hosts.toSeq.flatMap { case (host, url) =>
    // It says on stderr why there is none; sbt then goes there without.
    val token = scala.util.Try(scala.sys.process.Process(Seq("@PROGRAM@", "token", url)).!!.trim)
    token.toOption.map(Credentials("", host, "aws", _))
  }
}
