"""Footnote as a node of a LangGraph graph: refusals take another way than answers."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph

from index import add_sample, open_library, read_settings
from qa import Answer, answer_chain


class State(TypedDict, total=False):
    question: str
    answer: Answer
    reply: str


settings = read_settings()
with open_library(settings) as library:
    add_sample(library, settings)
    chain = answer_chain(library, settings)

    graph = StateGraph(State)
    graph.add_node("ask", lambda state: {"answer": chain.invoke({"question": state["question"]})})
    graph.add_node("say", lambda state: {"reply": state["answer"].text})
    graph.add_node("hand_over", lambda state: {"reply": f"A person will see: {state['question']}"})
    graph.add_edge(START, "ask")
    graph.add_conditional_edges(
        "ask", lambda state: "say" if state["answer"].status == "answered" else "hand_over"
    )
    graph.add_edge("say", END)
    graph.add_edge("hand_over", END)
    compiled = graph.compile()

    for question in ("Who published the draft treaty?", "What is the capital of Australia?"):
        print(compiled.invoke({"question": question})["reply"])
