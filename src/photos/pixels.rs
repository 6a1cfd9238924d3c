//! A file made into the pictures that a site shows: upright, in sRGB, in the sizes that are asked for, and without a
//! word about who took it and where, because nothing but pixels is carried over.

use super::colour::ToSrgb;
use super::header::{Fault, Header, Kind, is_turned};
use super::{CARD_WIDEST, Facts, Format, Photo, Rendition, Use, WIDEST};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{DynamicImage, ImageDecoder};
use std::io::Cursor;

/// Of WebP: at 80, libwebp is where JPEG is at 85. Measured beside others in benches/photos.py.
const WEBP: f32 = 80.0;
/// How hard it tries; above 4 it takes twice as long for a hundredth.
const EFFORT: i32 = 4;
const JPEG: u8 = 80;
/// How wide it is when it is looked at for blur.
const LOOKED_AT: u32 = 800;

/// Pixels in sRGB.
struct Pixels {
    width: u32,
    height: u32,
    alpha: bool,
    bytes: Vec<u8>,
}

/// A picture, made.
pub struct Made {
    /// Which.
    pub rendition: Rendition,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Looks at a photo, and makes of it what is wanted: that depends on whether something shows through it.
pub fn make(
    bytes: &[u8],
    hash: blake3::Hash,
    header: &Header,
    wanted: impl Fn(&Photo) -> Vec<Rendition>,
) -> Result<(Facts, Vec<Made>), Fault> {
    let upright = header.upright();
    let (decoded, icc) = decode(bytes, header.kind)?;
    let alpha = decoded.color().has_alpha();
    let mut pixels = sized(decoded, header, alpha)?;
    if let Some(way) = icc.as_deref().and_then(ToSrgb::new) {
        way.apply(&mut pixels.bytes, if alpha { 4 } else { 3 });
    }
    let mut pixels = turned(pixels, header)?;
    if pixels.alpha && pixels.bytes.iter().skip(3).step_by(4).all(|alpha| *alpha == 255) {
        let opaque = pixels.bytes.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied()).collect();
        pixels = Pixels { alpha: false, bytes: opaque, ..pixels };
    }
    let facts = Facts {
        width: upright.0,
        height: upright.1,
        tint: mean(&pixels),
        alpha: pixels.alpha,
        sharpness: sharpness(&pixels)?,
        moves: header.moves,
    };
    let mut made = Vec::new();
    let mut same: Option<(Use, u32, u32, Pixels)> = None;
    let mut wanted = wanted(&Photo { hash, facts });
    // Both formats of a size are made of the same pixels.
    wanted.sort_by_key(|rendition| (rendition.of, rendition.width, rendition.format));
    for rendition in wanted {
        let Rendition { of, width, height, format } = rendition;
        if same.as_ref().is_none_or(|(known, w, h, _)| (*known, *w, *h) != (of, width, height)) {
            let part = of.part(pixels.width, pixels.height);
            same = Some((of, width, height, scaled(&pixels, part, width, height)?));
        }
        if let Some((.., small)) = &same {
            made.push(Made { rendition, bytes: encoded(small, format).ok_or(Fault::Broken)? });
        }
    }
    Ok((facts, made))
}

/// All pixels of a file, and its colour profile.
fn decode(bytes: &[u8], kind: Kind) -> Result<(DynamicImage, Option<Vec<u8>>), Fault> {
    fn all(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Option<Vec<u8>>), Fault> {
        let icc = decoder.icc_profile().ok().flatten();
        Ok((DynamicImage::from_decoder(decoder).map_err(|_| Fault::Broken)?, icc))
    }
    let bytes = Cursor::new(bytes);
    match kind {
        Kind::Jpeg => all(JpegDecoder::new(bytes).map_err(|_| Fault::Broken)?),
        Kind::Png => all(PngDecoder::new(bytes).map_err(|_| Fault::Broken)?),
        Kind::WebP => all(WebPDecoder::new(bytes).map_err(|_| Fault::Broken)?),
        Kind::Gif => all(GifDecoder::new(bytes).map_err(|_| Fault::Broken)?),
    }
}

/// As large as anything that is made of it, in three or four bytes a pixel; still as it was stored.
fn sized(decoded: DynamicImage, header: &Header, alpha: bool) -> Result<Pixels, Fault> {
    let (width, height) = (decoded.width(), decoded.height());
    let bytes = if alpha { decoded.into_rgba8().into_raw() } else { decoded.into_rgb8().into_raw() };
    let pixels = Pixels { width, height, alpha, bytes };
    let (wide, high) = if is_turned(header.orientation) { (height, width) } else { (width, height) };
    // Of a panorama little is left on a card: that part must stay as large as a card.
    let (_, _, part, _) = Use::CARD.part(wide, high);
    let card = u64::from(CARD_WIDEST.min(part)) * u64::from(wide) / u64::from(part);
    let wanted = u64::from(WIDEST).max(card);
    if u64::from(wide) <= wanted {
        return Ok(pixels);
    }
    let share = |length: u32| {
        let length = (u64::from(length) * wanted + u64::from(wide / 2)) / u64::from(wide);
        u32::try_from(length).unwrap_or(1).max(1)
    };
    scaled(&pixels, (0, 0, width, height), share(width), share(height))
}

/// Upright.
fn turned(pixels: Pixels, header: &Header) -> Result<Pixels, Fault> {
    if header.orientation == image::metadata::Orientation::NoTransforms {
        return Ok(pixels);
    }
    let Pixels { width, height, alpha, bytes } = pixels;
    let mut image = if alpha {
        DynamicImage::ImageRgba8(image::RgbaImage::from_raw(width, height, bytes).ok_or(Fault::Broken)?)
    } else {
        DynamicImage::ImageRgb8(image::RgbImage::from_raw(width, height, bytes).ok_or(Fault::Broken)?)
    };
    image.apply_orientation(header.orientation);
    Ok(Pixels { width: image.width(), height: image.height(), alpha, bytes: image.into_bytes() })
}

/// A part of a picture in another size.
fn scaled(pixels: &Pixels, part: (u32, u32, u32, u32), width: u32, height: u32) -> Result<Pixels, Fault> {
    let kind = if pixels.alpha { PixelType::U8x4 } else { PixelType::U8x3 };
    let (left, top, w, h) = part;
    let source = ImageRef::new(pixels.width, pixels.height, &pixels.bytes, kind).map_err(|_| Fault::Broken)?;
    let mut small = Image::new(width, height, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(
        f64::from(left),
        f64::from(top),
        f64::from(w),
        f64::from(h),
    );
    Resizer::new().resize(&source, &mut small, &options).map_err(|_| Fault::Broken)?;
    Ok(Pixels { width, height, alpha: pixels.alpha, bytes: small.into_vec() })
}

fn encoded(pixels: &Pixels, format: Format) -> Option<Vec<u8>> {
    let Pixels { width, height, alpha, bytes } = pixels;
    match format {
        Format::WebP => {
            let encoder = if *alpha {
                webp::Encoder::from_rgba(bytes, *width, *height)
            } else {
                webp::Encoder::from_rgb(bytes, *width, *height)
            };
            let mut config = webp::WebPConfig::new().ok()?;
            (config.quality, config.method) = (WEBP, EFFORT);
            Some(encoder.encode_advanced(&config).ok()?.to_vec())
        }
        Format::Jpeg => {
            let mut out = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut out, JPEG);
            encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
            // Not with tables of its own: it then writes a scan for each colour, which not every program reads right
            // (zune-jpeg, and so we). They would save three parts of a hundred.
            let (width, height) = (u16::try_from(*width).ok()?, u16::try_from(*height).ok()?);
            encoder.encode(bytes, width, height, jpeg_encoder::ColorType::Rgb).ok()?;
            Some(out)
        }
        Format::Png => {
            let mut out = Vec::new();
            let mut encoder = png::Encoder::new(&mut out, *width, *height);
            encoder.set_color(if *alpha { png::ColorType::Rgba } else { png::ColorType::Rgb });
            encoder.set_compression(png::Compression::Balanced);
            let mut writer = encoder.write_header().ok()?;
            writer.write_image_data(bytes).ok()?;
            writer.finish().ok()?;
            Some(out)
        }
    }
}

/// The mean colour; what shows through counts less.
fn mean(pixels: &Pixels) -> [u8; 3] {
    let mut sums = [0_u64; 3];
    let mut weight = 0_u64;
    for pixel in pixels.bytes.chunks_exact(if pixels.alpha { 4 } else { 3 }) {
        let of = pixel.get(3).copied().map_or(255, u64::from);
        weight += of;
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(*value) * of;
        }
    }
    sums.map(|sum| u8::try_from(sum / weight.max(1)).unwrap_or(255))
}

/// How much neighbours differ beyond a slope (the variance of the Laplacian), at one size for all photos.
fn sharpness(pixels: &Pixels) -> Result<u32, Fault> {
    let width = pixels.width.min(LOOKED_AT);
    let height = (u64::from(pixels.height) * u64::from(width) / u64::from(pixels.width.max(1))).clamp(1, 4_000);
    let small = scaled(pixels, (0, 0, pixels.width, pixels.height), width, u32::try_from(height).unwrap_or(1))?;
    let step = if small.alpha { 4 } else { 3 };
    let grey: Vec<i64> = small
        .bytes
        .chunks_exact(step)
        .map(|pixel| match pixel {
            [r, g, b, ..] => (i64::from(*r) * 299 + i64::from(*g) * 587 + i64::from(*b) * 114) / 1_000,
            _ => 0,
        })
        .collect();
    let width = usize::try_from(width).unwrap_or(1);
    let (mut sum, mut squares, mut count) = (0_i64, 0_i64, 0_i64);
    for three in grey.chunks_exact(width).collect::<Vec<_>>().windows(3) {
        let [above, own, below] = three else { continue };
        for at in 1..width.saturating_sub(1) {
            let get = |row: &[i64], at: usize| row.get(at).copied().unwrap_or(0);
            let value = 4 * get(own, at) - get(own, at - 1) - get(own, at + 1) - get(above, at) - get(below, at);
            sum += value;
            squares += value * value;
            count += 1;
        }
    }
    if count == 0 {
        return Ok(0);
    }
    let mean = sum / count;
    Ok(u32::try_from((squares / count - mean * mean).max(0)).unwrap_or(u32::MAX))
}
