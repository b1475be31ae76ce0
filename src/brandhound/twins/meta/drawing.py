"""Pictures and videos, drawn when somebody looks at them. The same one is always the same bytes."""

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

_COLORS = (
    ((24, 62, 88), (240, 170, 66)), ((34, 84, 61), (246, 224, 181)), ((98, 42, 74), (250, 214, 165)),
    ((30, 41, 59), (125, 211, 252)), ((120, 53, 15), (254, 240, 138)), ((63, 63, 70), (244, 114, 182)),
)  # fmt: skip
FRAMES_PER_SECOND = 6
SAMPLES_PER_SECOND = 22_050
_NOTES = (220.0, 246.94, 277.18, 329.63, 369.99, 440.0)
VIDEO_SHAPE = (270, 480)


@lru_cache(maxsize=96)
def draw_picture(ordinal: int, index: int, width: int, height: int, words: str) -> bytes:
    """A JPEG."""
    image = _scene(ordinal, index, width, height, words)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=82)
    return written.getvalue()


@lru_cache(maxsize=24)
def draw_video(ordinal: int, index: int, seconds: int, words: str) -> bytes:
    """An MP4 of so many seconds, of several scenes; the first words stand over the first one. Every fourth is silent."""
    width, height = VIDEO_SHAPE
    rng = np.random.default_rng([ordinal, index, 11])
    cuts = np.sort(rng.choice(np.arange(2, max(seconds, 4)), max(seconds // 4, 1), replace=False))
    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as opened:
        container = cast(Any, opened)
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "30"}
        sound = container.add_stream("aac", rate=SAMPLES_PER_SECOND, layout="mono") if index % 4 else None
        scenes: dict[int, Any] = {}
        for number in range(seconds * FRAMES_PER_SECOND):
            scene = int(np.searchsorted(cuts, number / FRAMES_PER_SECOND, "right"))
            if scene not in scenes:
                text = words if scene == 0 else ""
                scenes[scene] = np.asarray(_scene(ordinal, index * 31 + scene, width, height, text))
            frame: Any = np.roll(scenes[scene], number % 24, axis=1)
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
            for packet in stream.encode(picture):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
        if sound is not None:
            for packet in _sounded(sound, rng, cuts, seconds):
                container.mux(packet)
    return written.getvalue()


def _sounded(sound: Any, rng: np.random.Generator, cuts: Any, seconds: int) -> Iterator[Any]:
    """A tune that changes with the scene: a few notes, with a beat."""
    at = np.arange(seconds * SAMPLES_PER_SECOND) / SAMPLES_PER_SECOND
    scene = np.searchsorted(cuts, at, "right")
    tones = rng.choice(_NOTES, (len(cuts) + 1, 4))
    note = tones[scene, (at * 4).astype(np.int64) % 4]
    beat = np.exp(-6 * (at * 2 % 1))
    wave = (0.12 * np.sin(2 * np.pi * note * at) + 0.1 * beat * np.sin(2 * np.pi * 70 * at)).astype(np.float32)
    size = sound.codec_context.frame_size or 1024
    for start in range(0, wave.size - size + 1, size):
        frame = av.AudioFrame.from_ndarray(wave[None, start : start + size], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = SAMPLES_PER_SECOND, start
        yield from sound.encode(frame)
    yield from sound.encode()


def _scene(ordinal: int, index: int, width: int, height: int, words: str) -> Image.Image:
    rng = np.random.default_rng([ordinal, index, 5])
    dark, light = _COLORS[int(rng.integers(len(_COLORS)))]
    if rng.random() < 0.4:
        dark, light = light, dark
    angle = rng.uniform(-1, 1)
    ramp = np.linspace(0, 1, height)[:, None] + angle * np.linspace(0, 1, width)[None, :]
    ramp = (ramp - ramp.min()) / np.ptp(ramp)
    pixels = np.array(dark) + (np.array(light) - np.array(dark)) * (0.35 * ramp[..., None])
    image = Image.fromarray(pixels.astype(np.uint8), "RGB")
    pen = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 8))):
        x, y = rng.uniform(0, width), rng.uniform(height * 0.3, height)
        size = rng.uniform(0.08, 0.3) * min(width, height)
        box = (x - size, y - size, x + size, y + size)
        tone = tuple(int(c) for c in np.array(light) * rng.uniform(0.7, 1.0))
        if rng.random() < 0.5:
            pen.ellipse(box, fill=tone)
        else:
            pen.rectangle(box, outline=tone, width=max(int(size / 8), 2))
    if words:
        _write(pen, words, width, height)
    return image


def _write(pen: ImageDraw.ImageDraw, words: str, width: int, height: int) -> None:
    font = ImageFont.load_default(max(min(width, height) // 16, 10))
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) > width * 0.84 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    at = (width * 0.08, height * 0.08)
    text = "\n".join(lines[:5])
    pen.rectangle(pen.multiline_textbbox(at, text, font=font), fill=(20, 20, 24))
    pen.multiline_text(at, text, font=font, fill=(250, 250, 250))
