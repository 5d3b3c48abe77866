scalaVersion := "2.12.20"
