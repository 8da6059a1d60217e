"use client";
import { useState } from "react";

const welcome = [
  { id: "1", role: "user", content: "Which walks near the old harbour can be done in one hour?" },
  { id: "2", role: "assistant", content: "There are three of them. Shall I start with the shortest one?" },
];

export function Conversation() {
  const [messages, setMessages] = useState(welcome);
  const failed = () =>
    setMessages([
      ...messages,
      { id: crypto.randomUUID(), role: "error", content: "Something went wrong on our side. Please try again in a moment." },
    ]);
  return (
    <ul onError={failed}>
      {messages.map((message) => (
        <li key={message.id}>{message.content}</li>
      ))}
    </ul>
  );
}
