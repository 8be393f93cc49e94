/* The transcript: turns that come, are asked again, are taken back, and how it scrolls. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;
  const AT_END = 48; // pixels from the end that still count as being there

  page.conversation = ({ element, props, watch, send }) => {
    const turns = new Map(); // by id, in order
    const left = new Set(); // conversations that were ended: what still comes from them is void
    const gone = new Set(); // turns that were taken back, likewise
    let conversation = null;
    let busy = false;
    let asked = null; // what no turn has begun with yet

    const list = make("div", { class: "turns" });
    const welcome = page.buildWelcome(ask);
    const transcript = make("div", { class: "transcript", tabindex: "-1" }, welcome.node, list);
    const said = make("div", { class: "sr-only", role: "status", "aria-live": "polite" });
    const composer = page.buildComposer({ ask, stop, editLast, waiting });
    const label = words("conversation");
    document.title = words("title"); // Gradio sets its own, in the language the program has
    const section = make("section", { class: "conversation", "aria-label": label });
    section.dataset.layer = "page";
    section.append(transcript, composer.node, said);
    const skip = make("a", { class: "skip", href: "#question", "data-layer": "page" }, words("skip"));
    const root = element.firstElementChild;
    root.append(skip, page.buildHeader(reset), section);
    root.append(page.backdrop, page.cardNode, page.shortcutsNode);

    function ask(request) {
      asked = request;
      setBusy(true);
      const { id: collection = "" } = page.collection() || {};
      const chosen = { documents: page.chosenDocuments(), collection };
      send.ask({ ...chosen, ...request, conversation: conversation || "" });
    }
    function giveBack(reason) {
      if (!busy) return;
      if (asked) composer.fill(asked.question, reason);
      asked = null;
      setBusy(false);
    }
    function waiting() {
      return asked ? asked.question : "";
    }
    function stop() {
      send.stop();
      // The last state of the turn comes at once; if the server is gone, the field is free again.
      setTimeout(() => setBusy(false), 1500);
    }
    function reset() {
      leave();
      send.reset();
      composer.focus();
    }
    function leave() {
      if (conversation) left.add(conversation);
      conversation = null;
      drop([...turns.keys()][0]);
      setText(said, "");
      setBusy(false);
      page.emit("conversation", null);
    }
    /* Show a saved conversation as it was. An answer that is being made elsewhere goes on. */
    async function open(id) {
      if (id === conversation) return;
      const found = await page.api("GET", `page/conversations/${encodeURIComponent(id)}`);
      leave();
      if (found.error) return setText(said, found.error);
      left.delete(id);
      conversation = id;
      page.emit("conversation", id);
      page.chooseCollection(found.conversation.collection || "");
      for (const view of found.turns) {
        gone.delete(view.id);
        begin(view, { still: true });
      }
      const last = lastTurn();
      if (last) {
        page.emit("active", last.view);
        last.node.scrollIntoView({ behavior: "auto", block: "start" });
        showFirst(last.view);
      }
      setText(said, words("conversation_opened", { title: found.conversation.title }));
    }
    function setBusy(now) {
      busy = now;
      composer.setBusy(now);
    }
    function lastTurn() {
      return [...turns.values()].pop();
    }
    function editLast() {
      const turn = lastTurn();
      if (turn && !busy) turn.edit();
      return Boolean(turn);
    }

    /* A turn goes, with those after it. */
    function drop(id) {
      let found = false;
      for (const [one, turn] of turns) {
        found = found || one === id;
        if (!found) continue;
        turn.node.remove();
        turns.delete(one);
        gone.add(one);
      }
      if (found) page.hideCard();
      const last = lastTurn();
      page.emit("active", last ? last.view : null);
      welcome.node.hidden = Boolean(last);
      section.classList.toggle("begun", Boolean(last));
    }
    function takeBack(turn) {
      send.undo({ turn: turn.view.id, conversation: conversation || "" });
      setBusy(false);
      drop(turn.view.id);
      composer.fill(turn.view.question);
      composer.focus();
      setText(said, words("taken_back"));
    }

    function onValue() {
      const value = props.value && JSON.parse(props.value.json);
      if (!value) return;
      if (value.saved) page.emit("saved", value.saved);
      if (left.has(value.conversation)) return;
      if (value.conversation !== conversation) page.emit("conversation", value.conversation);
      conversation = value.conversation;
      const view = { ...value.turn, saved: Boolean(value.saved) };
      if (value.unsaved) view.notice = words("unsaved", { reason: value.unsaved });
      if (turns.has(value.replaces)) drop(value.replaces);
      if (gone.has(view.id)) return;
      const follow = isAtEnd();
      const turn = turns.get(view.id) || begin(view);
      turn.update(view);
      if (turn !== lastTurn() || asked) return;
      const running = page.isRunning(view);
      if (running !== busy) setBusy(running);
      page.emit("active", view);
      if (running) setText(said, view.status);
      else finish(view);
      if (follow && running) transcript.scrollTop = transcript.scrollHeight;
      page.placeCard();
    }
    function begin(view, { still = false } = {}) {
      const turn = page.buildTurn(view, ask);
      turn.takeBack = () => takeBack(turn);
      asked = null;
      turns.set(view.id, turn);
      welcome.node.hidden = true;
      section.classList.add("begun");
      list.append(turn.node);
      if (!still) turn.node.scrollIntoView({ behavior: page.motion(), block: "start" });
      return turn;
    }
    function finish(view) {
      setText(said, view.said || view.error || view.status);
      showFirst(view);
    }
    function showFirst(view) {
      if (page.isWide() && view.citations.length) {
        page.emit("show", { target: view.citations[0], focus: false, quiet: true });
      }
      page.emit("cited", view.citations);
    }
    /* Only who reads at the end is taken along while an answer grows. */
    function isAtEnd() {
      const rest = transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight;
      return turns.size > 0 && rest < AT_END;
    }

    /* Show a claim of a turn: from the source back to the words that rest on it. */
    page.on("claim", ({ turn, start }) => {
      const node = list.querySelector(`[data-turn="${CSS.escape(turn)}"]`);
      if (!node) return;
      page.closePanel();
      const words = [...node.querySelectorAll(`[data-claim="${start}"]`)];
      if (!words.length) return;
      words[0].scrollIntoView({ behavior: page.motion(), block: "center" });
      for (const one of words) page.flash(one);
      const next = node.querySelector(`[data-claim-verdict="${start}"]`);
      if (next) page.giveFocus(next);
    });
    /* While a card is open, the claim it is about shows how far it goes. */
    page.on("card", (owner) => {
      for (const one of list.querySelectorAll(".lit")) one.classList.remove("lit");
      const start = owner && owner.dataset.claimVerdict;
      if (!start) return;
      const words = owner.closest(".turn").querySelectorAll(`[data-claim="${start}"]`);
      for (const one of words) one.classList.add("lit");
    });
    page.on("question", (request) => {
      page.closePanel();
      if (!busy) ask(request);
    });
    page.openConversation = () => conversation || "";
    page.on("open-conversation", open);
    page.on("conversation-deleted", (id) => id === conversation && reset());
    page.on("choice", () => {
      for (const turn of turns.values()) turn.update(turn.view);
    });
    page.on("edit-last", editLast);
    page.on("documents", (documents) => welcome.update(documents));
    page.on("untaken", async () => giveBack((await page.check()) ? "ask_busy" : "lost"));
    page.on("lost", () => giveBack("lost"));
    setInterval(() => busy && page.check(), 3000);
    watch("value", onValue);
    onValue();
  };

  page.flash = (node) => {
    node.classList.remove("flash");
    void node.offsetWidth; // so that the animation starts anew
    node.classList.add("flash");
  };
})();
