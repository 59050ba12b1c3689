// Inside the diagram's frame: draws what it is sent.
addEventListener("message", async (event) => {
  if (event.source !== parent || typeof event.data !== "string") return;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: dark ? "dark" : "default" });
  const { svg } = await mermaid.render("drawn", event.data);
  document.getElementById("diagram").innerHTML = svg;
});
