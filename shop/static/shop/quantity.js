// − and + beside the quantity; without script the field alone does.
for (const button of document.querySelectorAll("[data-step]")) {
  const field = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = Number.parseInt(field.value, 10) || 1;
    field.value = Math.min(Math.max(now + Number(button.dataset.step), 1), 999);
  });
}
