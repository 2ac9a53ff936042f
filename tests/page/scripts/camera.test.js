import assert from "node:assert/strict";
import test from "node:test";
import {
  camera,
  cameraHome,
  dragCamera,
  extentOf,
  frameOf,
  projection,
  rotation,
  zoomAt,
} from "../../../src/lamella/page/assets/cloud/camera.js";
import { screenGrid } from "../../../src/lamella/page/assets/cloud/picking.js";

const view = { flat: true, fit: [1, 1], width: 200, height: 268, side: 0 };
const near = (found, wanted) =>
  found.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]) < 1e-6, `${found}, not ${wanted}`));

test("a flat cloud fits the slide, its middle in the middle, up is up", () => {
  cameraHome();
  const project = projection(camera, view);
  const places = [project(0, 0, 0, []), project(1, 1, 0, [])];
  near(places[0], [100, 134]);
  near(places[1], [195, 39]);
});

test("a rotation keeps lengths and right angles", () => {
  const m = rotation({ yaw: 0.7, pitch: -0.4 }, false);
  for (let a = 0; a < 3; a++)
    for (let b = 0; b < 3; b++) {
      const product = [0, 1, 2].reduce((sum, k) => sum + m[3 * a + k] * m[3 * b + k], 0);
      assert.ok(Math.abs(product - (a === b ? 1 : 0)) < 1e-12);
    }
});

test("a zoom leaves the point under the mouse where it is", () => {
  cameraHome();
  const [x, y] = projection(camera, view)(0.3, -0.2, 0, []);
  zoomAt(camera, 3, (2 * x) / view.width - 1, 1 - (2 * y) / view.height);
  near(projection(camera, view)(0.3, -0.2, 0, []), [x, y]);
  assert.equal(camera.zoom, 3);
  zoomAt(camera, 1000, 0, 0);
  assert.equal(camera.zoom, 24);
  cameraHome();
});

test("a drag moves a flat cloud with the mouse and turns another", () => {
  cameraHome();
  const before = projection(camera, view)(0, 0, 0, []);
  dragCamera(camera, 10, 20, true, view);
  near(projection(camera, view)(0, 0, 0, []), [before[0] + 10, before[1] + 20]);
  cameraHome();
  const { yaw } = camera;
  dragCamera(camera, 100, 10000, false, view);
  assert.ok(Math.abs(camera.yaw - yaw - 0.8) < 1e-12);
  assert.equal(camera.pitch, 1.5);
  cameraHome();
});

test("the extent leaves out .4 % at each end", () => {
  const data = Float32Array.from({ length: 2000 }, (_, at) => (at % 2 ? 0 : at / 2));
  data[0] = -1e6;
  const { centre, half } = extentOf({ data, shape: [1000, 2] }, [...Array(1000).keys()], 1);
  near(centre, [499.5, 0, 0]);
  near(half, [495.5, 0]);
});

test("room for marks shrinks the frame", () => {
  assert.ok(frameOf(camera, [1, 1], 200, 268, 20)[0] < frameOf(camera, [1, 1], 200, 268, 0)[0]);
});

// points of the screen themselves, so that places can be told
const SCREEN = Float32Array.of(10, 10, 0, 50, 50, 0, 52, 50, 0, 500, 5, 0);
const grid = screenGrid(
  SCREEN,
  4,
  (k) => k === 2,
  (x, y, z, out) => ((out[0] = x), (out[1] = y)),
  100,
  100,
);

test("the nearest point within reach, but for hidden ones", () => {
  assert.equal(grid.nearest(12, 9, 10), 0);
  assert.equal(grid.nearest(52, 50, 10), 1);
  assert.equal(grid.nearest(30, 30, 10), -1);
});

test("points inside a polygon", () => {
  assert.deepEqual(grid.inside([[0, 0], [60, 0], [60, 60], [0, 60]]), [0, 1]); // prettier-ignore
  assert.deepEqual(grid.inside([[0, 0], [60, 0], [60, 50]]), []); // prettier-ignore
});
