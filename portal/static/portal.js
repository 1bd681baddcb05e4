// The portal's own pages. The task's interface lives in a sandboxed frame and only talks by messages: it sends
// {kempelen: "submit", answer} and {kempelen: "key", key}; it gets {kempelen: "key", key} for keys pressed outside it.
"use strict";

const json = { "Content-Type": "application/json", Accept: "application/json" };
const WAIT_SECONDS = 3;

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: json, body: JSON.stringify(body || {}) });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) location.assign("/login");
  if (!response.ok) {
    const problem = new Error(answer.error || `The portal answered ${response.status}.`);
    throw Object.assign(problem, { gone: response.status === 404 });
  }
  return answer;
}

async function goOn(job) {
  const { task } = await post(`${job}/next`);
  location.assign(task ? task.path : job);
}

function taskPage(main) {
  const frame = document.getElementById("interface");
  const problem = document.getElementById("problem");
  const comment = document.getElementById("comment"); // a reviewer's
  const buttons = ["undo", "skip", "decline", "none"].map((id) => document.getElementById(id)).filter(Boolean);
  const onward = document.getElementById("next");
  let busy = false;
  let gone = false; // another tab, the clock or the job's end took the task: all that is left is to go on

  async function act(work) {
    if (busy) return;
    busy = true;
    buttons.forEach((button) => { button.disabled = true; });
    try {
      await work();
    } catch (error) {
      problem.querySelector("span").textContent = error.message;
      problem.hidden = false;
      gone = error.gone;
      onward.hidden = !gone;
      busy = false;
      buttons.forEach((button) => { button.disabled = false; });
      frame.contentWindow.postMessage({ kempelen: "refused" }, "*");
    }
  }

  const leave = (verb, body) => act(async () => {
    await post(`${main.dataset.task}/${verb}`, body);
    await goOn(main.dataset.job);
  });
  const undo = () => act(async () => {
    const { task } = await post(`${main.dataset.job}/undo`);
    location.assign(task.path);
  });
  const next = () => act(() => goOn(main.dataset.job));
  const submit = (answer) => leave("submit", comment ? { answer, comment: comment.value } : answer);
  const deeds = { undo, skip: () => leave("skip"), decline: () => leave("decline"), none: () => submit(null) };

  function key(event) {
    const pressed = event.key.toLowerCase();
    if (pressed === "s") deeds.skip();
    if (pressed === "u" && document.getElementById("undo")) deeds.undo();
    if (pressed === "x" && comment) deeds.none();
    if (pressed === "enter" && gone) next();
  }

  buttons.forEach((button) => button.addEventListener("click", deeds[button.id]));
  onward.addEventListener("click", next);
  window.addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || !data) return;
    if (data.kempelen === "submit" && !gone) submit(data.answer);
    if (data.kempelen === "key") key(data);
  });
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Enter" && event.target.closest("button, a")) return;
    if (event.target === comment && event.key !== "Enter") return;
    key(event);
    frame.contentWindow.postMessage({ kempelen: "key", key: event.key }, "*");
  });
  frame.focus();
  countDown(Number(main.dataset.seconds), main.dataset.job);
}

function countDown(seconds, job) {
  const shown = document.getElementById("count-down");
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.closest(".clock").classList.toggle("short", left < 60);
    if (left === 0) location.assign(job);
    else setTimeout(tick, 1000);
  };
  tick();
}

function waitingPage(main) {
  const look = async () => {
    try {
      const { task, status } = await post(`${main.dataset.waitFor}/next`);
      if (task) location.assign(task.path);
      else if (status !== main.dataset.status) location.reload();
      else if (main.querySelector(".pulse")) setTimeout(look, WAIT_SECONDS * 1000);
    } catch {
      setTimeout(look, WAIT_SECONDS * 1000);
    }
  };
  look();
}

const task = document.querySelector("[data-task]");
const waiting = document.querySelector("[data-wait-for]");
const reloading = document.querySelector("[data-reload]");
if (task) taskPage(task);
if (waiting) waitingPage(waiting);
if (reloading) setTimeout(() => location.reload(), Number(reloading.dataset.reload) * 1000);
