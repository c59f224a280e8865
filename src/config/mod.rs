//! Where the program's files live, and what they say.

pub mod folders;
