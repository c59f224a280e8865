//! Bubbles of the desktop's notification daemon, after the Desktop Notifications Specification 1.2
//! (freedesktop.org). notify-rust makes the calls; this module knows what daemons do.
//!
//! - GNOME closes a bubble when its sender leaves the bus, sends its signals to its sender alone,
//!   and lets its sender alone replace or close it. notify-rust opens a connection for each bubble,
//!   so the handle that holds it lives as long as the bubble, and a repeat goes through it
//!   ([`bubble`]).
//! - A daemon may take its time, or never answer, and notify-rust sets no limit. All calls are made
//!   on this module's own thread, one at a time ([`server`]); those that only block, on a thread
//!   that the runtime keeps for such. The program can end while one hangs.
//! - A daemon may die and come back. Waiting for a click then never ends, and ids begin anew, so an
//!   old id may be another program's bubble. notify-rust calls whoever has the name just now, and
//!   cannot say who that is: a small connection of our own watches the name ([`owner`]), an id
//!   counts only together with the daemon that gave it ([`book`]), and waiting is dropped with its
//!   bubble.
//! - A daemon may come later, refuse, take no bodies or no buttons, or read bodies as markup.
//!   notify-rust sends texts as they are: they are escaped here.

mod book;
mod bubble;
mod owner;
mod server;

pub(in crate::desktop) use server::Server;
