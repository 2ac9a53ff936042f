// The two programs of the point renderer, discs and pictures, and how a program is made.

// A point glides from `start` to `goal` along smoothstep. `mark`: 1 ring, 2 selected, 4 dimmed,
// 8 hidden, 16 current. A hidden point is moved out of the picture, where it costs nothing.
const VERTEX = `#version 300 es
  DEFINE
  layout(location=0) in vec3 start;
  layout(location=1) in vec3 goal;
  layout(location=2) in vec4 colour;
  layout(location=3) in uint mark;
  layout(location=4) in uint picture;
  uniform mat3 turn; uniform highp vec4 frame; uniform highp float time; uniform mediump float depth, size;
  uniform mediump vec3 paper; uniform highp ivec2 atlas;
  flat out mediump vec4 ink;
  #ifndef CROWD
  flat out mediump float radius; flat out highp vec2 corner; flat out highp uint kind;
  #endif
  void main() {
    float part = time * time * (3. - 2. * time);
    vec3 at = turn * mix(start, goal, part);
    float w = 1. - depth * .16 * at.z;
    bool hidden = (mark & 8u) != 0u, marked = (mark & 18u) != 0u;
    gl_Position = hidden ? vec4(2., 2., 2., 1.) : vec4(at.xy * frame.xy + frame.zw * w, -.1 * at.z * w, w);
    float r = size * (marked ? 1.4 : 1.) / w;
    gl_PointSize = hidden ? 0. : 2. * r + PAD;
    float far = depth * clamp(.24 - .22 * at.z, 0., .55);
    ink = vec4(mix(colour.rgb, paper, far), (mark & 4u) != 0u ? .2 * colour.a : colour.a);
    #ifndef CROWD
    radius = r;
    kind = mark;
    corner = vec2(int(picture) % atlas.x, int(picture) / atlas.x);
    #endif
  }`;

const HEAD = `#version 300 es
  precision mediump float; precision highp int;
  flat in vec4 ink; flat in float radius; flat in highp vec2 corner; flat in highp uint kind;
  uniform vec3 edge; out vec4 pixel;`;

// A disc with a soft rim; test samples a ring where both splits are shown; an edge when marked.
const DISC = `${HEAD}
  uniform float depth;
  void main() {
    float r = length(gl_PointCoord - .5) * (2. * radius + 1.), a = clamp(radius - r + .5, 0., 1.);
    if (a < (depth > 0. ? .35 : .004)) discard;
    vec3 c = ink.rgb;
    if ((kind & 19u) != 0u) {
      if ((kind & 1u) != 0u) a *= mix(.3, 1., smoothstep(radius - 2., radius - 1.2, r));
      if ((kind & 18u) != 0u) c = mix(c, edge, smoothstep(radius - 1.8, radius - 1., r));
    }
    if ((kind & 18u) == 0u) a *= ink.a;
    pixel = vec4(c * a, a);
  }`;

// Many points on the move: small squares without blending, the cheapest thing that can be drawn.
const CROWD = `#version 300 es
  precision mediump float;
  flat in vec4 ink; out vec4 pixel;
  void main() { pixel = vec4(ink.rgb, 1.); }`;

// A tile of the atlas: grey pictures are inked in the point's colour, coloured ones are framed in it.
const PICTURE = `${HEAD}
  uniform mediump vec3 paper; uniform highp ivec2 atlas; uniform bool grey; uniform sampler2D pictures;
  void main() {
    vec2 q = abs(gl_PointCoord * 2. - 1.);
    float rim = max(q.x, q.y), wide = 1. - 2.2 / radius;
    bool marked = (kind & 18u) != 0u;
    highp vec2 uv = (corner + clamp(gl_PointCoord, .02, .98)) / vec2(atlas);
    vec4 t = texture(pictures, uv);
    vec3 c = grey ? mix(paper, ink.rgb, sqrt(t.r)) : t.rgb;
    float a = (kind & 4u) != 0u ? .22 : grey && !marked ? .3 + .7 * sqrt(t.r) : .97;
    if (marked && rim > wide) { c = edge; a = 1.; }
    else if (!grey && rim > 1. - 2.6 / radius) { c = ink.rgb; }
    pixel = vec4(c * a, a);
  }`;

const SOURCES = { disc: [1.0, DISC], crowd: [0.0, CROWD], picture: [0.0, PICTURE] };
const UNIFORMS = ["turn", "frame", "time", "depth", "size", "paper", "edge", "atlas", "grey", "pictures"];

export const cloudPrograms = (gl) =>
  Object.fromEntries(
    Object.entries(SOURCES).map(([name, [pad, fragment]]) => {
      const program = link(
        gl,
        VERTEX.replace("DEFINE", name === "crowd" ? "#define CROWD" : "").replace("PAD", pad.toFixed(1)),
        fragment,
      );
      return [
        name,
        {
          program,
          at: Object.fromEntries(UNIFORMS.map((key) => [key, gl.getUniformLocation(program, key)])),
        },
      ];
    }),
  );

function link(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])
    gl.attachShader(program, compile(gl, kind, text));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(gl.getProgramInfoLog(program));
  return program;
}

function compile(gl, kind, text) {
  const shader = gl.createShader(kind);
  gl.shaderSource(shader, text);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
    throw new Error(gl.getShaderInfoLog(shader));
  return shader;
}
