//! Greets by a private crate.

fn main() {
    println!("{}", my_crate::greet("Ada"));
}
