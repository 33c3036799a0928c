/* Making a passkey and logging in with one: the desk's challenge in, what the browser signed out. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-passkey]");
  var problem = form.querySelector("[data-problem]");

  function ask(address, body) {
    return fetch(address, {
      method: "POST", credentials: "same-origin", body: body || "", headers: { Accept: "application/json", "Content-Type": "application/json" }
    }).then(function (answer) {
      return answer.json().then(function (said) { return answer.ok ? said : Promise.reject(new Error(said.problem)); });
    });
  }

  function query(name, value) { return value ? "?" + name + "=" + encodeURIComponent(value) : ""; }

  function use() {
    var of = form.getAttribute("action");
    if (form.dataset.passkey === "create") {
      var token = query("token", form.dataset.token);
      return ask(of + "/options" + token).then(function (options) {
        return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
      }).then(function (made) { return ask(of + token, JSON.stringify(made)); });
    }
    return ask(of + "/options").then(function (options) {
      return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    }).then(function (signed) { return ask(of + query("next", form.dataset.next), JSON.stringify(signed)); });
  }

  function tell(error) {
    var own = error instanceof TypeError ? "This browser is too old for passkeys, or the desk cannot be reached."
      : error instanceof DOMException ? "No passkey was used. Try again when you are ready." : error.message;
    problem.textContent = own;
    problem.hidden = false;
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    problem.hidden = true;
    Promise.resolve().then(use).then(function (said) { location.replace(said.next); }).catch(tell);
  });
})();
