// Reading a card: by the device's camera where the browser can read codes, else by a hand scanner, which types.
"use strict";

export function canSee() {
  return "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);
}

// Shows the camera in that video until a QR is read, the signal aborts or the camera is refused (throws).
export async function see(video, signal) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    const reader = new BarcodeDetector({ formats: ["qr_code"] });
    while (!signal.aborted) {
      const [code] = await reader.detect(video);
      if (code) return code.rawValue;
      await new Promise((done) => setTimeout(done, 150));
    }
    return "";
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
