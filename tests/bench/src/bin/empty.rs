//! A program that does nothing: what starting a process costs, in the profile that is shipped.

fn main() {}
