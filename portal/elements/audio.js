// kempelen-audio: a player for listening closely. Space plays, < and > change the speed, B goes back.
"use strict";

(() => {
  const { CARD, CrowdCard, button, drawWaveform, loudness, make, shortcut } = window.kempelen;

  const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
  const BACK_SECONDS = 3;
  const BARS = 200;
  const ARROWS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

  const STYLE = `${CARD}
    canvas { display: block; width: 100%; height: 5.5rem; border-radius: 8px; cursor: pointer; touch-action: pan-y; }
    .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .8rem; }
    .play { min-width: 6.5rem; font-weight: 600; color: var(--crowd-on-accent); background: var(--crowd-accent); border-color: var(--crowd-accent); }
    .play kbd { background: none; border-color: currentcolor; color: inherit; }
    .time { font-variant-numeric: tabular-nums; color: var(--crowd-soft); white-space: nowrap; }
    .speeds { display: flex; flex-wrap: wrap; gap: .3rem; margin-left: auto; }
    .speeds .button { padding: 0 .55rem; min-width: 2.75rem; }
    @media (max-width: 50rem) {
      .row .button { min-height: 2.75rem; }
      .speeds { margin-left: 0; width: 100%; }
      .speeds .button { flex: 1; padding: 0; }
    }
  `;

  const clock = (seconds) => {
    const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  class KempelenAudio extends CrowdCard {
    static style = STYLE;
    #audio;
    #canvas;
    #time = make("span", { className: "time" });
    #play;
    #speeds;
    #peaks = null;

    content() {
      const source = this.getAttribute("src") || "";
      this.#audio = make("audio", { preload: "auto" });
      this.#canvas = this.#makeCanvas();
      const controls = this.#controls();
      for (const name of ["play", "pause", "ended", "timeupdate", "durationchange", "seeked", "ratechange"]) {
        this.#audio.addEventListener(name, () => this.#show());
      }
      this.#audio.addEventListener("play", () => this.#follow());
      this.#audio.addEventListener("error", () => this.#fail());
      window.addEventListener("crowd-key", (event) => { if (this.#key(event.detail)) event.preventDefault(); });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#show());
      new ResizeObserver(() => this.#show()).observe(this.#canvas);
      // As the waveform's own fetch: a browser that kept an answer without S3's CORS headers would refuse it that one.
      this.#audio.crossOrigin = "anonymous";
      this.#audio.src = source;
      this.#show();
      loudness(source, BARS).then((peaks) => { this.#peaks = peaks; this.#show(); }, () => {});
      return [this.#audio, this.#canvas, controls];
    }

    #makeCanvas() {
      const canvas = make("canvas", { role: "slider", tabIndex: 0, ariaLabel: "Position", ariaValueMin: "0" });
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        this.#seekTo(event);
      });
      canvas.addEventListener("pointermove", (event) => {
        if (canvas.hasPointerCapture(event.pointerId)) this.#seekTo(event);
      });
      canvas.addEventListener("keydown", (event) => {
        if (!(event.key in ARROWS) || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        this.#seek(this.#audio.currentTime + ARROWS[event.key]);
      });
      return canvas;
    }

    #controls() {
      this.#play = button("", () => this.#toggle(), { className: "button play" });
      const back = button(`Back ${BACK_SECONDS} s`, () => this.#back());
      back.append(shortcut("B"));
      this.#speeds = SPEEDS.map((speed) => button(`${speed}×`, () => this.#setSpeed(speed)));
      const speeds = make("div", { className: "speeds", role: "group", ariaLabel: "Speed" }, ...this.#speeds);
      speeds.title = "Speed (< and >)";
      return make("div", { className: "row" }, this.#play, back, this.#time, speeds);
    }

    #fail() {
      const textContent = "The recording could not be loaded. Skip this task, please.";
      this.shadowRoot.querySelector(".card").replaceChildren(make("p", { className: "problem", role: "alert", textContent }));
    }

    #key(key) {
      if (key === " ") this.#toggle();
      else if (key === "b" || key === "B") this.#back();
      else if (key === "<" || key === ">") this.#step(key === ">" ? 1 : -1);
      else return false;
      return true;
    }

    #toggle() {
      // A refusal, as by a browser that wants a click first, leaves it paused, which the button says.
      if (this.#audio.paused) this.#audio.play().catch(() => {});
      else this.#audio.pause();
    }

    #back() {
      this.#seek(this.#audio.currentTime - BACK_SECONDS);
    }

    #seek(seconds) {
      const end = Number.isFinite(this.#audio.duration) ? this.#audio.duration : 0;
      this.#audio.currentTime = Math.min(Math.max(0, seconds), end);
      this.#show();
    }

    #seekTo(event) {
      const { left, width } = this.#canvas.getBoundingClientRect();
      this.#seek(((event.clientX - left) / width) * (this.#audio.duration || 0));
    }

    #step(by) {
      const at = SPEEDS.indexOf(this.#audio.playbackRate) + by;
      if (SPEEDS[at]) this.#setSpeed(SPEEDS[at]);
    }

    // The default too: a browser goes back to it when it loads again.
    #setSpeed(speed) {
      this.#audio.playbackRate = this.#audio.defaultPlaybackRate = speed;
    }

    #follow() {
      this.#show();
      if (!this.#audio.paused && this.isConnected) requestAnimationFrame(() => this.#follow());
    }

    #show() {
      const { currentTime, duration, paused, playbackRate } = this.#audio;
      const label = paused ? "Play" : "Pause";
      if (this.#play.dataset.label !== label) {
        this.#play.dataset.label = label;
        this.#play.replaceChildren(label, shortcut("Space"));
      }
      this.#time.textContent = `${clock(currentTime)} / ${clock(duration)}`;
      this.#speeds.forEach((made, index) => { made.ariaPressed = String(SPEEDS[index] === playbackRate); });
      this.#canvas.ariaValueMax = String(Math.round(duration || 0));
      this.#canvas.ariaValueNow = String(Math.round(currentTime));
      this.#canvas.ariaValueText = `${clock(currentTime)} of ${clock(duration)}`;
      drawWaveform(this.#canvas, this.#peaks, duration > 0 ? currentTime / duration : 0);
    }
  }

  customElements.define("kempelen-audio", KempelenAudio);
})();
