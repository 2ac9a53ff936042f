// The glass over a slide: the lasso, and the paths of the selected samples through the epochs.

export const lassoGlass = (canvas) => {
  const pen = canvas.getContext("2d");

  // paths: lists of [x, y] in pixels, oldest first; lasso: list of [x, y] or null.
  return function draw({ ratio, width, height, edge, paths, lasso }) {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    // A software canvas that was only cleared keeps its last picture.
    canvas.style.opacity = paths.length || lasso ? 1 : 0;
    for (const path of paths) trace(pen, path, edge, paths.length);
    if (lasso && lasso.length > 1) noose(pen, lasso, edge);
  };
};

// Straight pieces, fainter the older; many paths are drawn fainter each.
function trace(pen, path, edge, count) {
  const strong = count > 30 ? 0.35 : 0.6;
  const last = path.length - 1;
  for (let i = 0; i < last; i++) {
    const age = (i + 1) / last;
    pen.strokeStyle = `rgba(${edge},${strong * age * age})`;
    pen.lineWidth = 0.6 + 0.8 * age;
    pen.beginPath();
    pen.moveTo(...path[i]);
    pen.lineTo(...path[i + 1]);
    pen.stroke();
  }
  pen.fillStyle = `rgba(${edge},${strong * 0.7})`;
  for (let i = 0; i < last; i++) {
    pen.beginPath();
    pen.arc(...path[i], 1.6, 0, 7);
    pen.fill();
  }
}

function noose(pen, lasso, edge) {
  pen.beginPath();
  lasso.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  pen.fillStyle = `rgba(${edge},.07)`;
  pen.fill();
  pen.setLineDash([4, 3]);
  pen.strokeStyle = `rgb(${edge})`;
  pen.lineWidth = 1;
  pen.stroke();
  pen.setLineDash([]);
}
