// One trace that was dropped: asked of the server when it is opened, and not before.
import { element } from "./figures.js";

/** The value that decided; opened, the trace itself. */
export function story(run, { trace, detail }) {
  const body = element("div", { class: "story" });
  const details = element(
    "details", { class: "example" },
    element("summary", {}, detail || "no value", " ", element("small", {}, trace.slice(0, 8))), body,
  );
  let asked = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || asked) return;
    asked = true;
    body.replaceChildren(element("p", { class: "note", role: "status" }, "Looking for it in the shards ..."));
    try {
      body.replaceChildren(...told(await ask(run, trace)));
    } catch (error) {
      asked = false; // opened again, it is looked for again
      body.replaceChildren(element("p", { class: "alarm", role: "alert" }, error.message));
    }
  });
  return details;
}

async function ask(run, trace) {
  const reply = await fetch(`/trace?run=${encodeURIComponent(run)}&id=${encodeURIComponent(trace)}`);
  if (!reply.ok) throw new Error((await reply.text()).trim());
  return reply.json();
}

function told(trace) {
  const before = trace.messages.slice(0, -1);
  const question = trace.messages.at(-1);
  const { curation } = trace;
  const failed = curation?.failed ?? [];
  const all = curation?.reason && !failed.some(({ reason }) => reason === curation.reason) ? [curation, ...failed] : failed;
  const cut = [trace, ...trace.messages, ...all].some((part) => part.cut);
  return [
    element("h5", {}, all.length > 1 ? "Checks that it fails" : "What it fails"),
    element(
      "ul", { class: "failing" },
      ...all.map(({ words, reason, detail }) =>
        element("li", {}, element("b", {}, words), reason === curation.reason && all.length > 1 ? " (dropped for this)" : "", `: ${detail}`),
      ),
    ),
    ...before.flatMap(({ role, content }) => [element("h5", {}, role), text(content, role)]),
    element("h5", {}, "Question"), text(question?.content ?? "", "Question"),
    ...(trace.reasoning === null ? [] : [element("h5", {}, "Reasoning"), text(trace.reasoning, "Reasoning")]),
    element("h5", {}, "Answer"), text(trace.answer, "Answer", "answer"),
    ...(trace.reference === null ? [] : [element("h5", {}, "Reference"), text(trace.reference, "Reference")]),
    element(
      "p", { class: "note" },
      `Trace ${trace.id}, sample ${trace.sample}, of ${trace.teacher}; source ${trace.source || "not known"}; ended by ${trace.finish_reason}; ${trace.cost}.`,
      cut ? " Long texts are cut." : "",
    ),
  ].filter((part) => part !== null);
}

function text(content, label, name) {
  return element("pre", { tabindex: "0", role: "group", "aria-label": label, class: name ?? null }, content === "" ? "(nothing)" : String(content));
}
