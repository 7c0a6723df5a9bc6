// Photos and files chosen in a form, kept in this browser until they are sent.

const NAME = "duban";
const STORE = "files";
const WAIT_MS = 3000;

function open() {
  return new Promise((resolve, reject) => {
    if (!("indexedDB" in window)) {
      reject(new Error("no store"));
      return;
    }
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Keeps files under a key; where there is no room they simply are not kept. */
export async function putFiles(key, files) {
  try {
    await inStore("readwrite", (store) => store.put([...files], key));
    return true;
  } catch {
    return false;
  }
}

export async function filesOf(key) {
  try {
    return (await inStore("readonly", (store) => store.get(key))) || [];
  } catch {
    return [];
  }
}

export async function dropFiles(key) {
  try {
    await inStore("readwrite", (store) => store.delete(key));
  } catch {
    // Nothing was kept.
  }
}

/** Resolves when no file is kept, or when the store does not answer in time. */
export async function dropAllFiles() {
  const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  await Promise.race([inStore("readwrite", (store) => store.clear()).catch(() => {}), late]);
}
