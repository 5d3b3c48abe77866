//! Situations that people have reported, and in which a check of settings said that all is well: here the client's own
//! command fails, and the doctor says why. Those that belong to one setting alone are beside their client.

mod beside;
mod node;
mod python;

use super::*;
