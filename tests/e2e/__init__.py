"""The whole product as its people meet it: commands in a shell, pages in a browser."""
