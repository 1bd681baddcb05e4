// How loud a recording is over time, and its picture.
"use strict";

(() => {
  const RATE = 8000; // Hz: enough to draw, and little memory for a long recording
  const LARGEST = 64 * 2 ** 20; // bytes that are fetched a second time to draw them

  // The largest amplitude, 0 to 1, of each of `count` equal parts. Rejects when the sound cannot be read or decoded.
  const loudness = async (address, count) => {
    const response = await fetch(address);
    const size = Number(response.headers.get("Content-Length"));
    if (!response.ok || size > LARGEST) throw new Error("no waveform");
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await response.arrayBuffer());
    const samples = sound.getChannelData(0);
    const part = samples.length / count;
    const peaks = Array.from({ length: count }, (_, index) => {
      let peak = 0;
      for (let at = Math.floor(index * part); at < (index + 1) * part; at += 1) peak = Math.max(peak, Math.abs(samples[at] || 0));
      return peak;
    });
    const most = Math.max(...peaks, 0.001);
    return peaks.map((peak) => peak / most);
  };

  // Bars, those before `played` (0 to 1) in the accent; without peaks a plain line.
  const drawWaveform = (canvas, peaks, played) => {
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const bars = peaks || [];
    const step = width / (bars.length || 1);
    bars.forEach((peak, index) => {
      const tall = Math.max(2, peak * (height - 8));
      const heard = (index + 0.5) / bars.length <= played;
      pen.fillStyle = colour(heard ? "--crowd-accent" : "--crowd-soft");
      pen.globalAlpha = heard ? 1 : 0.6;
      pen.fillRect(index * step, (height - tall) / 2, Math.max(1, step - 1), tall);
    });
    pen.globalAlpha = 1;
    if (!peaks) {
      pen.fillStyle = colour("--crowd-edge");
      pen.fillRect(0, height / 2 - 2, width, 4);
      pen.fillStyle = colour("--crowd-accent");
      pen.fillRect(0, height / 2 - 2, width * played, 4);
    }
    pen.fillStyle = colour("--crowd-ink");
    pen.fillRect(Math.min(width - 2, width * played), 0, 2, height);
  };

  Object.assign(window.kempelen, { drawWaveform, loudness });
})();
