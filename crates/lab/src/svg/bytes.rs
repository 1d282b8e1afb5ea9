//! Bytes in hexadecimal on tinted fields, each field with its name beside it.

use std::ops::Range;

use plotters::prelude::*;

use super::paint::{FAINT, INK, MARGIN, TEXT, TINTS};
use super::{Area, Refused, paint};
use crate::text::named;

const ROW: i32 = 22;
const BYTE: i32 = 24;
const BYTES_A_ROW: usize = 8;
/// Where bytes begin, and where names do.
const BYTES_START: i32 = MARGIN as i32 + 52;
const NAME_START: i32 = BYTES_START + BYTES_A_ROW as i32 * BYTE + 14;

pub(super) fn height(bytes: &[u8], fields: &[(Range<usize>, String)]) -> u32 {
    let fields = named(bytes.len(), fields);
    let rows = fields
        .iter()
        .map(|(range, _)| range.len().div_ceil(BYTES_A_ROW));
    rows.sum::<usize>() as u32 * ROW as u32
}

pub(super) fn draw(
    area: &Area<'_>,
    bytes: &[u8],
    fields: &[(Range<usize>, String)],
) -> Result<(), Refused> {
    let mut top = 0;
    for (at, (range, name)) in named(bytes.len(), fields).into_iter().enumerate() {
        let style = paint::left(TEXT, &INK);
        paint::write(area, name, (NAME_START, top + ROW / 2), style)?;
        for (row, chunk) in bytes[range.clone()].chunks(BYTES_A_ROW).enumerate() {
            let middle = top + ROW / 2;
            let offset = format!("{:04x}", range.start + row * BYTES_A_ROW);
            let style = paint::even(TEXT - 1, &FAINT);
            paint::write(area, &offset, (MARGIN as i32, middle), style)?;
            let end = BYTES_START + chunk.len() as i32 * BYTE;
            let corners = [(BYTES_START, top + 1), (end, top + ROW - 1)];
            let tint = if name.is_empty() {
                WHITE
            } else {
                TINTS[at % TINTS.len()]
            };
            area.draw(&Rectangle::new(corners, tint.filled()))?;
            for (column, byte) in chunk.iter().enumerate() {
                let place = (BYTES_START + column as i32 * BYTE + 4, middle);
                let style = paint::even(TEXT, &INK);
                paint::write(area, &format!("{byte:02x}"), place, style)?;
            }
            top += ROW;
        }
    }
    Ok(())
}
