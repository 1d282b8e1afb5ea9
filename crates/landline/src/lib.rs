//! The facade library of landline.
