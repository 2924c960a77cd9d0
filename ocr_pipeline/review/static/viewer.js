// Page pictures in one column: zoom, pan, and only those pictures fetched that come into sight.

export class Viewer {
  constructor(frame, canvas, onPage) {
    this.frame = frame;
    this.canvas = canvas;
    this.onPage = onPage;
    this.pages = [...canvas.querySelectorAll(".sheet-of-paper")].map((node) => ({
      node,
      index: Number(node.dataset.page),
      top: Number(node.dataset.top),
      width: Number(node.dataset.width),
      height: Number(node.dataset.height),
    }));
    this.width = Math.max(...this.pages.map((page) => page.width));
    const end = this.pages.at(-1);
    this.height = end.top + end.height;
    this.pointers = new Map();
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fit = "width";
    this.wanted = null; // a cell that was asked for while nothing could be seen
    new ResizeObserver(() => this.refit()).observe(frame);
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.down(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) frame.addEventListener(kind, (event) => this.up(event));
    frame.addEventListener("keydown", (event) => this.key(event));
    this.refit();
  }

  get size() {
    return { width: this.frame.clientWidth || 1, height: this.frame.clientHeight || 1 };
  }

  get hidden() {
    return this.frame.clientWidth === 0;
  }

  refit() {
    if (this.hidden) return;
    if (this.wanted) {
      const cell = this.wanted;
      this.wanted = null;
      this.fitWidth();
      this.showCell(cell);
    } else if (this.fit === "width") this.fitWidth();
    else if (this.fit === "page") this.fitPage();
    else this.draw();
  }

  fitWidth() {
    this.fit = "width";
    this.scale = this.size.width / (this.width * 1.02);
    this.x = -this.width * 0.01;
    this.draw();
  }

  fitPage() {
    this.fit = "page";
    const page = this.pages[this.page];
    this.scale = Math.min(this.size.width / (this.width * 1.02), this.size.height / (page.height * 1.02));
    this.x = this.width / 2 - this.size.width / this.scale / 2;
    this.y = page.top + page.height / 2 - this.size.height / this.scale / 2;
    this.draw();
  }

  // The page that is in the middle.
  get page() {
    const middle = this.y + this.size.height / this.scale / 2;
    const found = this.pages.findIndex((page) => middle < page.top + page.height);
    return found < 0 ? this.pages.length - 1 : found;
  }

  draw() {
    const across = this.size.width / this.scale;
    const down = this.size.height / this.scale;
    const room = (position, visible, whole) =>
      visible >= whole ? (whole - visible) / 2 : Math.min(Math.max(position, -visible * 0.1), whole - visible * 0.9);
    this.x = room(this.x, across, this.width);
    this.y = down >= this.height ? 0 : Math.min(Math.max(this.y, -down * 0.02), this.height - down * 0.9);
    this.canvas.setAttribute("viewBox", `${this.x} ${this.y} ${across} ${down}`);
    for (const page of this.pages) {
      const near = page.top < this.y + 2 * down && page.top + page.height > this.y - down;
      const image = page.node.querySelector("image[data-href]");
      if (near && image) {
        image.setAttribute("href", image.dataset.href);
        image.removeAttribute("data-href");
      }
    }
    this.onPage(this.page, this.pages.length);
  }

  zoom(factor, at) {
    const { width, height } = this.size;
    const point = at ?? { x: width / 2, y: height / 2 };
    const worldX = this.x + point.x / this.scale;
    const worldY = this.y + point.y / this.scale;
    const smallest = Math.min(width / this.width, height / this.height) * 0.8;
    this.fit = null;
    this.scale = Math.min(Math.max(this.scale * factor, smallest), 4);
    this.x = worldX - point.x / this.scale;
    this.y = worldY - point.y / this.scale;
    this.draw();
  }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    if (this.fit === "page") this.fit = null;
    this.draw();
  }

  goTo(index) {
    const page = this.pages[Math.min(Math.max(index, 0), this.pages.length - 1)];
    this.y = page.top;
    if (this.fit === "page") this.y = page.top + page.height / 2 - this.size.height / this.scale / 2;
    this.draw();
  }

  // Bring a cell into sight, enlarged so far that its figure can be read.
  showCell(cell) {
    if (this.hidden) {
      this.wanted = cell;
      return;
    }
    const page = this.pages.find((one) => one.node === cell.closest(".sheet-of-paper"));
    const box = ["x", "y", "width", "height"].map((name) => Number(cell.getAttribute(name)));
    const x = (this.width - page.width) / 2 + box[0] + box[2] / 2;
    const y = page.top + box[1] + box[3] / 2;
    const wanted = Math.min(1.1, this.size.width / (6 * box[2]));
    if (this.scale < wanted) {
      this.scale = wanted;
      this.fit = null;
    }
    this.x = x - this.size.width / this.scale / 2;
    this.y = y - this.size.height / this.scale / 2;
    this.draw();
  }

  local(event) {
    const frame = this.frame.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }

  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY / 300), this.local(event));
    else this.pan(-event.deltaX, -event.deltaY);
  }

  down(event) {
    this.pointers.set(event.pointerId, this.local(event));
    this.dragged = 0;
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.local(event);
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const other = others[0][1];
      const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      this.zoom(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      this.dragged = 99;
    } else {
      this.dragged += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (this.dragged > 4) {
        // Only now: a captured pointer would keep clicks from the cells.
        this.frame.setPointerCapture(event.pointerId);
        this.frame.classList.add("dragging");
        this.pan(now.x - before.x, now.y - before.y);
      }
    }
    this.pointers.set(event.pointerId, now);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    this.frame.classList.remove("dragging");
  }

  key(event) {
    const step = 60;
    const acts = {
      ArrowLeft: () => this.pan(step, 0),
      ArrowRight: () => this.pan(-step, 0),
      ArrowUp: () => this.pan(0, step),
      ArrowDown: () => this.pan(0, -step),
      PageUp: () => this.goTo(this.page - 1),
      PageDown: () => this.goTo(this.page + 1),
      "+": () => this.zoom(1.25),
      "=": () => this.zoom(1.25),
      "-": () => this.zoom(0.8),
      0: () => this.fitWidth(),
    };
    if (acts[event.key]) {
      acts[event.key]();
      event.preventDefault();
      event.stopPropagation();
    }
  }
}
