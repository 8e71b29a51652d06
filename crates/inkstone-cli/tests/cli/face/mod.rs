//! The face of the program: in a terminal, in the words of flags, in two languages.

mod batch_files;
mod doctor;
mod inputs;
mod json;
mod language;
mod newcomer;
mod screen;
mod tasks;
mod words;
