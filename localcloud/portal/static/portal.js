// The portal's own pages. The task's interface lives in a sandboxed frame and only talks by messages: it sends
// {kempelen: "submit", answer} and {kempelen: "key", key}; it gets {kempelen: "key", key} for keys pressed outside it.
"use strict";

const json = { "Content-Type": "application/json", Accept: "application/json" };
const WAIT_SECONDS = 3;

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: json, body: JSON.stringify(body || {}) });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) location.assign("/login");
  if (!response.ok) throw new Error(answer.error || `The portal answered ${response.status}.`);
  return answer;
}

async function goOn(job) {
  const { task } = await post(`${job}/next`);
  location.assign(task ? `/tasks/${task.id}` : job);
}

function taskPage(main) {
  const frame = document.getElementById("interface");
  const problem = document.getElementById("problem");
  const buttons = ["skip", "decline"].map((id) => document.getElementById(id));
  let busy = false;

  async function leave(verb, body) {
    if (busy) return;
    busy = true;
    buttons.forEach((button) => { button.disabled = true; });
    try {
      await post(`/tasks/${main.dataset.task}/${verb}`, body);
      await goOn(main.dataset.job);
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      busy = false;
      buttons.forEach((button) => { button.disabled = false; });
      frame.contentWindow.postMessage({ kempelen: "refused" }, "*");
    }
  }

  function key(event) {
    if (event.key.toLowerCase() === "s") leave("skip");
  }

  buttons.forEach((button) => button.addEventListener("click", () => leave(button.id)));
  window.addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || !data) return;
    if (data.kempelen === "submit") leave("submit", data.answer);
    if (data.kempelen === "key") key(data);
  });
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Enter" && event.target.closest("button, a")) return;
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
      if (task) location.assign(`/tasks/${task.id}`);
      else if (status === "InProgress") setTimeout(look, WAIT_SECONDS * 1000);
      else if (main.querySelector(".pulse")) location.reload();
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
